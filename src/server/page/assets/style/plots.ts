/** The figures of an instance's last day. */
export const PLOTS = `.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(400px, 100%), 1fr)); gap: 14px; }
.plot { padding: 14px 16px 8px; }
.plot figcaption { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 12px; }
.plot .total { color: var(--soft); font-size: .9rem; font-variant-numeric: tabular-nums; }
.plot .legend { display: flex; gap: 12px; margin-left: auto; color: var(--soft); font-size: .82rem; }
.legend i { display: inline-block; width: 9px; height: 9px; margin-right: 5px; border-radius: 3px; }
.plot svg { display: block; width: 100%; height: auto; margin-top: 8px; overflow: visible; }
.plot text { fill: var(--soft); font-size: 10px; font-variant-numeric: tabular-nums; }
.plot .grid { stroke: var(--line); stroke-width: 1; }
.plot path { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.plot rect.series-1, .plot circle.series-1 { fill: var(--plot-1); }
.plot rect.series-2 { fill: var(--plot-2); }
.plot circle.series-3 { fill: var(--plot-3); }
.plot rect.series-bad { fill: var(--plot-bad); }
.plot path.series-1 { stroke: var(--plot-1); }
.plot path.series-3 { stroke: var(--plot-3); stroke-dasharray: 5 4; }
i.series-1 { background: var(--plot-1); }
i.series-2 { background: var(--plot-2); }
i.series-3 { background: var(--plot-3); }
i.series-bad { background: var(--plot-bad); }
.plot rect:hover { opacity: .75; }
@media (max-width: 560px) { .plot text { font-size: 13px; } }
.as-table { font-size: .92rem; }`;
