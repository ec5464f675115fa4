import type { Activity, ActivityHour } from '../../../core/delivery/index.js';
import { type Html, html } from '../html.js';
import { duration, fullTime } from '../time.js';
import { counted, grouped } from '../words.js';
import { hourText, plotFigure } from './plot.js';

const ID = 'last-day';

/** What an instance did in the last day: four plots, and the same as a table for whoever wants numbers. */
export function activitySection({ hours, completeSince }: Activity): Html {
  const from = hours.map((hour) => hour.from);
  const of = (pick: (hour: ActivityHour) => number) => hours.map(pick);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const [events, delivered, failed] = [
    of((hour) => hour.events),
    of((hour) => hour.delivered),
    of((hour) => hour.failed),
  ];
  const pending = of((hour) => hour.pending);
  const slowest = Math.max(0, ...hours.map((hour) => hour.slowMs ?? 0));
  const waiting = pending.at(-1) ?? 0;
  return html`<section aria-labelledby="${ID}">
<h2 id="${ID}">The last 24 hours</h2>
${completeSince !== null && html`<p class="help">Very much happened: what came before ${fullTime(completeSince)} is not counted.</p>`}
<div class="plots">
${plotFigure({
  id: 'events',
  title: 'Events',
  total: grouped(sum(events)),
  description: `${counted(sum(events), 'event')} in 24 hours, ${grouped(Math.max(0, ...events))} in the busiest one.`,
  kind: 'bars',
  series: [{ name: 'events', look: 'series-1', values: events }],
  hours: from,
  least: 4,
  format: grouped,
})}
${plotFigure({
  id: 'deliveries',
  title: 'Delivery attempts',
  total: `${grouped(sum(delivered))} succeeded, ${grouped(sum(failed))} failed`,
  description: `${counted(sum(delivered), 'attempt')} succeeded in 24 hours, ${grouped(sum(failed))} failed.`,
  kind: 'bars',
  series: [
    { name: 'succeeded', look: 'series-2', values: delivered },
    { name: 'failed', look: 'series-bad', values: failed },
  ],
  hours: from,
  least: 4,
  format: grouped,
})}
${plotFigure({
  id: 'latency',
  title: 'Delivery latency',
  total: slowest === 0 ? '–' : `up to ${duration(slowest)}`,
  description:
    slowest === 0
      ? 'Nothing was delivered in 24 hours.'
      : `In the slowest hour, 19 of 20 deliveries took at most ${duration(slowest)}.`,
  kind: 'lines',
  series: [
    { name: 'median', look: 'series-1', values: hours.map((hour) => hour.medianMs) },
    { name: '95 of 100', look: 'series-3', values: hours.map((hour) => hour.slowMs) },
  ],
  hours: from,
  least: 10,
  format: duration,
})}
${plotFigure({
  id: 'pending',
  title: 'Pending notifications',
  total: grouped(waiting),
  description: `${counted(waiting, 'notification')} pending now, ${grouped(Math.max(0, ...pending))} at most at the end of an hour.`,
  kind: 'lines',
  series: [{ name: 'pending', look: 'series-1', values: pending }],
  hours: from,
  least: 4,
  format: grouped,
})}
</div>
${asTable(hours)}
</section>`;
}

function asTable(hours: readonly ActivityHour[]): Html {
  const ms = (value: number | null) => (value === null ? '–' : duration(value));
  return html`<details class="as-table"><summary>The same as a table</summary>
<div class="scroller" role="region" aria-label="Activity hour by hour" tabindex="0">
<table class="numbers">
<caption>Activity hour by hour (UTC), the latest first</caption>
<thead><tr><th scope="col">Hour</th><th scope="col">Events</th><th scope="col">Succeeded</th><th scope="col">Failed</th><th scope="col">Median</th><th scope="col">95 of 100</th><th scope="col">Pending</th></tr></thead>
<tbody>${[...hours]
    .reverse()
    .map(
      (hour) =>
        html`<tr><th scope="row">${hourText(hour.from)}</th><td>${grouped(hour.events)}</td><td>${grouped(hour.delivered)}</td><td>${grouped(hour.failed)}</td><td>${ms(hour.medianMs)}</td><td>${ms(hour.slowMs)}</td><td>${grouped(hour.pending)}</td></tr>`,
    )}</tbody>
</table></div></details>`;
}
