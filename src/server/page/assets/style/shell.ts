/** The page around its content: type, header, headings, footer. */
export const SHELL = `*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column;
  background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
h1, h2, h3, p, ul, dl, dd, figure, fieldset { margin: 0; padding: 0; }
h1 { font-size: 1.55rem; line-height: 1.25; font-weight: 650; letter-spacing: -.012em; overflow-wrap: anywhere; }
h2 { font-size: 1.08rem; line-height: 1.35; font-weight: 650; }
h3 { font-size: .95rem; font-weight: 600; }
a { color: var(--accent); text-underline-offset: .18em; }
a:hover { color: var(--accent-strong); }
code, pre, .id { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "Liberation Mono", monospace; font-size: .88em; }
code { overflow-wrap: anywhere; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
main:focus-visible { outline: none; }
time, .number, dd, table { font-variant-numeric: tabular-nums; }
time[title] { text-decoration: underline dotted transparent; }
time[title]:hover { text-decoration-color: var(--edge); }

.inner { width: 100%; max-width: 1140px; margin: 0 auto; padding: 0 20px; }
.skip { position: absolute; left: 12px; top: -60px; z-index: 2; padding: 8px 14px; border-radius: 0 0 8px 8px; background: var(--accent); color: var(--on-accent); }
.skip:focus { top: 0; color: var(--on-accent); }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; border: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.top { background: var(--surface); border-bottom: 1px solid var(--line); }
.top .inner { display: flex; align-items: center; gap: 8px 28px; flex-wrap: wrap; min-height: 58px; padding-top: 8px; padding-bottom: 8px; }
.brand { display: inline-flex; align-items: center; gap: 10px; font-weight: 650; color: var(--text); text-decoration: none; letter-spacing: -.01em; }
.brand:hover { color: var(--text); }
.top nav ul { display: flex; gap: 4px; list-style: none; }
.top nav a { display: block; padding: 6px 12px; border-radius: 8px; color: var(--soft); text-decoration: none; font-weight: 500; }
.top nav a:hover { background: var(--sunken); color: var(--text); }
.top nav a[aria-current] { background: var(--accent-soft); color: var(--text); }
.logout { margin-left: auto; }

main { flex: 1; padding-top: 28px !important; padding-bottom: 40px !important; }
main > * + *, .narrow > * + *, section > * + * { margin-top: 16px; }
main > section { margin-top: 34px; }
footer { padding-top: 14px !important; padding-bottom: 22px !important; color: var(--soft); font-size: .85rem; }

.headline { display: flex; align-items: flex-start; justify-content: space-between; flex-wrap: wrap; gap: 12px 24px; }
.headline.small { align-items: center; }
.headline h1 .badge { vertical-align: .28em; margin-left: 6px; }
.headline > div { min-width: 0; }
.sub { display: block; color: var(--soft); font-weight: 400; font-size: .9rem; overflow-wrap: anywhere; }
h1 + .sub { margin-top: 3px; }
.narrow { width: 100%; max-width: 440px; margin: 4vh auto 0; }
.notice { text-align: center; }
.crumbs { font-size: .9rem; margin-bottom: -8px; }
.crumbs span { color: var(--soft); margin: 0 4px; }
.help { color: var(--soft); font-size: .88rem; }
.breaks { overflow-wrap: anywhere; }
.none { color: var(--soft); }
.good { color: var(--good); }
.wait { color: var(--wait); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
@media (max-width: 560px) {
  .inner { padding-left: 14px; padding-right: 14px; }
  .top .inner { gap: 4px 8px; }
  .top nav { order: 3; flex-basis: 100%; margin: 0 -8px; }
  .narrow { margin-top: 0; }
  h1 { font-size: 1.35rem; }
}
@media (prefers-reduced-motion: no-preference) {
  .button, button, .top nav a { transition: background-color .12s, border-color .12s; }
}`;
