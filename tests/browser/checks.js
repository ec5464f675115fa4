// Looks at a page from within: what is wrong with it, as a list. A person would need longer, or axe a package more.

/** The page is wider than the screen, or one of these is, where it may not be scrolled by itself. */
function sideways() {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .map((element) => element.outerHTML.slice(0, 120));
}

/** Fields without a label, buttons, links and pictures without a name, ids that occur twice, headings that skip a level, no landmark. */
function unnamed() {
  const wrong = [];
  const say = (what, element) => wrong.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const named = (element) =>
    (element.getAttribute('aria-label') ?? '').trim() !== '' ||
    (element.getAttribute('aria-labelledby') ?? '')
      .split(' ')
      .some((id) => (document.getElementById(id)?.textContent ?? '').trim() !== '') ||
    (element.textContent ?? '').trim() !== '';
  for (const field of all('input:not([type=hidden]), select, textarea')) {
    if (field.labels?.length === 0 && !field.hasAttribute('aria-label')) say('no label', field);
  }
  for (const element of all('button, a[href], summary, [role=img], [role=region], nav, fieldset')) {
    if (!named(element)) say('no name', element);
  }
  for (const image of all('img')) if (!image.hasAttribute('alt')) say('no alt', image);
  for (const table of all('table')) if (table.querySelector('caption') === null) say('no caption', table);
  for (const cell of all('thead th')) if (!cell.hasAttribute('scope')) say('no scope', cell);
  for (const element of all('[aria-describedby], [aria-labelledby]')) {
    for (const name of ['aria-describedby', 'aria-labelledby']) {
      for (const id of (element.getAttribute(name) ?? '').split(' ').filter(Boolean)) {
        if (document.getElementById(id) === null) say(`${name} of nothing`, element);
      }
    }
  }
  const ids = all('[id]').map((element) => element.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) wrong.push(`twice: #${id}`);
  let level = 0;
  for (const heading of all('h1, h2, h3')) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) say('skips a level', heading);
    level = own;
  }
  if (all('h1').length !== 1) wrong.push('not one h1');
  for (const landmark of ['main', 'header', 'footer'])
    if (all(landmark).length !== 1) wrong.push(`not one ${landmark}`);
  if (document.documentElement.lang !== 'en' || document.title === '') wrong.push('no language or title');
  return wrong;
}

/** Text whose contrast with its ground is below 4.5 to 1. */
function faint() {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    if (canvas === null) return [];
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (colour) => {
    const [red = 0, green = 0, blue = 0] = colour.slice(0, 3).map((part) => {
      const share = part / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const ground = rgba(getComputedStyle(at).backgroundColor);
      if (ground[3] === 255) return ground;
    }
    return [255, 255, 255, 255];
  };
  const wrong = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? '').trim() !== '');
    if (!own || element.closest('.unseen, .skip, svg, option') !== null) continue;
    if (element.getClientRects().length === 0) continue;
    const [one = 0, other = 0] = [light(rgba(getComputedStyle(element).color)), light(groundOf(element))].sort(
      (a, b) => b - a,
    );
    const contrast = (one + 0.05) / (other + 0.05);
    if (contrast < 4.5) wrong.push(`${contrast.toFixed(2)}: ${element.outerHTML.slice(0, 120)}`);
  }
  return wrong;
}

/** What a screen reader would call the element that has the focus. */
function focused() {
  const element = document.activeElement;
  return (element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent).trim();
}

globalThis.checks = { sideways, unnamed, faint, focused };
