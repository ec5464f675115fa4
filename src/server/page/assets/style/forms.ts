/** Buttons, fields and the steps of the creation form. */
export const FORMS = `button, .button {
  display: inline-flex; align-items: center; justify-content: center; min-height: 38px; padding: 7px 15px;
  border: 1px solid var(--edge); border-radius: 9px; background: var(--surface); color: var(--text);
  font: inherit; font-weight: 550; line-height: 1.3; text-decoration: none; cursor: pointer;
}
button:hover, .button:hover { background: var(--sunken); color: var(--text); border-color: var(--soft); }
button.main, .button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.main:hover, .button.main:hover { background: var(--accent-strong); border-color: var(--accent-strong); color: var(--on-accent); }
button.danger, .button.danger { color: var(--bad); }
button.quiet, .button.quiet { font-weight: 500; background: transparent; border-color: transparent; color: var(--soft); }
button.quiet:hover, .button.quiet:hover { background: var(--sunken); color: var(--text); }
button[aria-busy] { cursor: progress; opacity: .75; }
[hidden] { display: none !important; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.buttons .danger { margin-left: auto; }
.narrow .buttons .danger { margin-left: 0; }

.steps > * + * { margin-top: 16px; }
.steps { max-width: 780px; }
.steps > .unseen + * { margin-top: 0; }
fieldset { border: 0; min-width: 0; }
fieldset.card { padding-top: 0; }
legend { float: left; width: 100%; padding: 16px 0 0; margin-bottom: 11px; font-size: 1.08rem; font-weight: 650; }
legend + * { clear: both; }
.fields > * + * { margin-top: 16px; }
.fields > input[type=hidden] + *, .fields > legend + * { margin-top: 0; }
.field label, .choice label { font-weight: 550; }
.field label { display: block; }
.field .help { margin-top: 1px; }
input:not([type]), input[type=text], input[type=url], input[type=number], input[type=password], select {
  width: 100%; min-height: 40px; margin-top: 6px; padding: 7px 11px; border: 1px solid var(--edge); border-radius: 9px;
  background: var(--surface); color: var(--text); font: inherit;
}
input:focus-visible, select:focus-visible { outline-offset: 0; }
input[aria-invalid] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
input[readonly] { font-family: ui-monospace, Consolas, "Liberation Mono", monospace; font-size: .88rem; background: var(--sunken); }
input[type=checkbox], input[type=radio] { width: 18px; height: 18px; margin: 2px 0 0; accent-color: var(--accent); }
input[type=range] { width: 100%; height: 26px; margin: 0; accent-color: var(--accent); cursor: pointer; }
.choice { display: grid; grid-template-columns: 18px 1fr; gap: 0 11px; }
.choice label { overflow-wrap: anywhere; }
.choice .help { grid-column: 2; }
.choices { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(300px, 100%), 1fr)); gap: 14px 24px; }
.slider { display: grid; grid-template-columns: 120px 1fr; column-gap: 20px; align-items: center; }
.slider .field { display: contents; }
.slider .field > :not(input) { grid-column: 1 / -1; }
.slider input[type=range] { margin-top: 6px; }
.fault { color: var(--bad); font-weight: 550; font-size: .92rem; margin-top: 2px; overflow-wrap: anywhere; }
details summary { cursor: pointer; color: var(--accent); font-weight: 550; width: fit-content; border-radius: 4px; }
details[open] > summary { margin-bottom: 12px; }
details > .fields { padding: 14px 16px 16px; border-radius: 10px; background: var(--sunken); }
.copy { display: flex; gap: 8px; align-items: flex-end; }
.copy input { flex: 1; min-width: 0; }
@media (max-width: 560px) {
  .buttons .danger { margin-left: 0; }
}`;
