/** What the page does in the browser; every form works without it. */
export const SCRIPT = `'use strict';
const said = document.getElementById('said');

// A form that was sent is not sent twice, and its button says what is going on.
document.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = 'yes';
  if (!button || !button.dataset.busy) return;
  button.dataset.text = button.textContent;
  button.textContent = button.dataset.busy;
  button.setAttribute('aria-busy', 'true');
  said.textContent = button.dataset.busy;
});
// Back from elsewhere by the browser's own button: the form can be sent again.
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  for (const button of document.querySelectorAll('button[aria-busy]')) {
    button.textContent = button.dataset.text;
    button.removeAttribute('aria-busy');
  }
});

// A slider beside its number field.
for (const slider of document.querySelectorAll('input[type=range][data-for]')) {
  const field = document.getElementById(slider.dataset.for);
  slider.hidden = false;
  slider.value = field.value;
  slider.addEventListener('input', () => { field.value = slider.value; });
  field.addEventListener('input', () => { slider.value = field.value; });
}

for (const button of document.querySelectorAll('button[data-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value).then(
      () => { said.textContent = button.textContent = 'Copied'; },
      () => { said.textContent = 'Not copied: select the text and copy it.'; },
    );
  });
}
`;
