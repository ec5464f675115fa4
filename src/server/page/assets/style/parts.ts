/** Cards, badges, what was told, and the standing of an instance. */
export const PARTS = `.card { background: var(--surface); border: 1px solid var(--line); border-radius: 13px; box-shadow: var(--shadow); padding: 18px 20px; }
.card.flush { padding: 0; overflow: hidden; }
.card.blank { color: var(--soft); text-align: center; padding: 28px 20px; }
.card.blank > * + * { margin-top: 10px; }
.card.blank h2 { color: var(--text); }
.card.rows { padding: 4px 20px; list-style: none; }
.card.rows li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 16px; padding: 10px 0; overflow-wrap: anywhere; }
.card.rows li + li { border-top: 1px solid var(--line); }
pre.card { max-height: 560px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; font-size: .82rem; line-height: 1.55; unicode-bidi: isolate; }

.badge { display: inline-flex; align-items: center; gap: 6px; padding: 1px 10px 1px 8px; border-radius: 99px; font-size: .8rem; font-weight: 600; line-height: 1.6; letter-spacing: 0; white-space: nowrap; }
.badge::before { content: ""; width: 7px; height: 7px; border-radius: 50%; background: currentColor; }
.badge.good { background: var(--good-soft); color: var(--good); }
.badge.wait { background: var(--wait-soft); color: var(--wait); }
.badge.bad { background: var(--bad-soft); color: var(--bad); }
.badge.off { background: var(--off-soft); color: var(--soft); }
.tags { display: block; margin-top: 3px; }
.tag { display: inline-block; max-width: 100%; padding: 0 8px; margin: 1px 0; border-radius: 6px; background: var(--off-soft); color: var(--soft); font-size: .8rem; font-weight: 500; line-height: 1.65; overflow-wrap: anywhere; }
.tag + .tag { margin-left: 4px; }

.flash, .callout { border-radius: 11px; padding: 12px 16px; overflow-wrap: anywhere; }
.flash { border-left: 4px solid var(--good); background: var(--good-soft); }
.flash:focus-visible { outline-width: 2px; outline-offset: 1px; }
.flash.of-form { max-width: 780px; }
.flash.failed { border-left-color: var(--bad); background: var(--bad-soft); }
.flash span { color: var(--soft); }
.flash ul { margin: 6px 0 0; padding-left: 20px; }
.flash a { color: inherit; }
.callout { background: var(--accent-soft); }
.callout > * + * { margin-top: 12px; }
p.trouble { color: var(--text); font-size: .92rem; overflow-wrap: anywhere; }
p.trouble strong { font-weight: 600; }
p.trouble span { color: var(--soft); }
p.trouble.boxed { padding: 12px 16px; border-left: 4px solid var(--bad); border-radius: 11px; background: var(--bad-soft); }

.tiles { display: grid; grid-template-columns: repeat(6, 1fr); gap: 10px; }
.tile { padding: 11px 15px 12px; background: var(--surface); border: 1px solid var(--line); border-radius: 13px; box-shadow: var(--shadow); }
.tile dt, .facts dt { color: var(--soft); font-size: .82rem; }
.tile dd { font-size: 1.14rem; font-weight: 600; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(210px, 100%), 1fr)); gap: 13px 24px; }
.facts dd { overflow-wrap: anywhere; font-size: .94rem; }
@media (max-width: 860px) { .tiles { grid-template-columns: repeat(3, 1fr); } }
@media (max-width: 420px) {
  .tiles, .facts { grid-template-columns: repeat(2, 1fr); }
  .facts { gap: 12px 14px; }
}`;
