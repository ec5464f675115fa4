/** Tables, which become one card a row where the screen is narrow. */
export const TABLES = `table { width: 100%; border-collapse: collapse; }
caption { text-align: left; color: var(--soft); font-size: .88rem; padding: 10px 0; }
thead th { padding: 10px 12px; color: var(--soft); font-size: .8rem; font-weight: 550; text-align: left; white-space: nowrap; background: var(--sunken); }
tbody th, tbody td { padding: 11px 12px; text-align: left; vertical-align: top; font-weight: 400; }
tbody tr { border-top: 1px solid var(--line); }
th:first-child, td:first-child { padding-left: 20px; }
th:last-child, td:last-child { padding-right: 20px; }
th.number, td.number { text-align: right; }
td time, th time { white-space: nowrap; }
@media (min-width: 761px) { table.instances th:first-child { width: 31%; } }
.name { font-weight: 600; overflow-wrap: anywhere; }
tr.trouble { border-top: 0; }
tr.trouble td { padding-top: 0; padding-bottom: 14px; }
tr.trouble p { padding: 8px 12px; border-radius: 9px; background: var(--bad-soft); }
.act { text-align: right; }
.act button { min-height: 30px; padding: 3px 11px; font-size: .88rem; }
.tabs ul { display: flex; flex-wrap: wrap; gap: 3px; list-style: none; }
.tabs a { display: block; padding: 3px 11px; border-radius: 99px; color: var(--soft); font-size: .88rem; text-decoration: none; }
.tabs a:hover { background: var(--off-soft); color: var(--text); }
.tabs a[aria-current] { background: var(--off-soft); color: var(--text); font-weight: 600; }
.search { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: center; }
.search input[type=text] { flex: 1 1 220px; max-width: 380px; margin-top: 0; }
.search .choice { align-items: center; }
.search .choice input { margin-top: 0; }
.pager { display: flex; align-items: center; justify-content: flex-end; gap: 8px; min-height: 0; }
.pager:empty { display: none; }
.scroller { overflow-x: auto; }
.numbers { font-size: .88rem; }
.numbers th, .numbers td { padding: 5px 12px; white-space: nowrap; }
.numbers td, .numbers thead th + th { text-align: right; }
@media (max-width: 760px) {
  .stack, .stack tbody, .stack tr, .stack th, .stack td { display: block; }
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack tbody tr { display: grid; grid-template-columns: 1fr 1fr; gap: 7px 14px; padding: 13px 16px 15px; }
  .stack tbody tr:first-child { border-top: 0; }
  .stack tbody th, .stack tbody td { width: auto; min-width: 0; padding: 0; text-align: left; line-height: 1.4; }
  .stack tbody th, .stack .act, .stack tr.trouble td, .stack .wide { grid-column: 1 / -1; }
  .stack td[data-label]::before { content: attr(data-label); display: block; color: var(--soft); font-size: .8rem; }
  .brief td[data-label] { display: flex; gap: 7px; align-items: baseline; flex-wrap: wrap; }
  .brief .plain::before { content: none !important; }
  .stack .act:empty { display: none; }
  .stack tr.trouble { padding-top: 0; }
}`;
