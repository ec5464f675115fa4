import { type Html, html } from '../html.js';
import { clockTime } from '../time.js';
import { axisEnd, HEIGHT, heightOf, LEFT, placeOf, RIGHT, round, ticks, WIDTH, yOf } from './scale.js';

export interface Series {
  name: string;
  /** Of the style sheet: series-1, series-2, series-bad. */
  look: string;
  /** One an hour; null: there is none. */
  values: readonly (number | null)[];
}

export interface Plot {
  id: string;
  title: string;
  /** The one number that sums it up. */
  total: string;
  /** What the plot shows, for whoever does not see it. */
  description: string;
  kind: 'bars' | 'lines';
  series: readonly Series[];
  /** When each value's hour began; milliseconds. */
  hours: readonly number[];
  /** The axis goes so far at least. */
  least: number;
  format(value: number): string;
}

/** A figure of one plot over time, drawn here: the browser needs no script for it. */
export function plotFigure(plot: Plot): Html {
  const { id, title, total, description, series } = plot;
  const empty = series.every(({ values }) => values.every((value) => value === null || value === 0));
  return html`<figure class="card plot" aria-labelledby="${id}-title">
<figcaption><h3 id="${id}-title">${title}</h3><span class="total">${total}</span>
${series.length > 1 && html`<span class="legend">${series.map(({ name, look }) => html`<span><i class="${look}" aria-hidden="true"></i>${name}</span>`)}</span>`}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-name ${id}-description">
<title id="${id}-name">${title}</title><desc id="${id}-description">${description}</desc>
${axes(plot, empty)}
${empty ? html`<text class="nothing" x="${(LEFT + WIDTH) / 2}" y="${HEIGHT / 2}" text-anchor="middle">nothing in 24 hours</text>` : plot.kind === 'bars' ? bars(plot) : lines(plot)}
</svg>
</figure>`;
}

function endOf({ series, kind, hours, least }: Plot): number {
  const at = (index: number) => series.map(({ values }) => values[index] ?? 0);
  const tops = hours.map((_, index) =>
    kind === 'bars' ? at(index).reduce((sum, value) => sum + value, 0) : Math.max(...at(index)),
  );
  return axisEnd(Math.max(0, ...tops), least);
}

function axes(plot: Plot, empty: boolean): Html {
  const { hours, format } = plot;
  const end = endOf(plot);
  return html`${(empty ? [0] : ticks(end)).map((value) => {
    const y = yOf(value, end);
    return html`<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/><text class="axis" x="${LEFT - 5}" y="${y + 3.5}" text-anchor="end">${format(value)}</text>`;
  })}${hours.map((from, index) => {
    if (new Date(from).getUTCHours() % 6 !== 0) return null;
    const { x } = placeOf(index, hours.length);
    // Beyond the edges there is no place for a label.
    if (x > WIDTH - RIGHT - 14) return null;
    return html`<text class="axis" x="${round(x)}" y="${HEIGHT - 7}" text-anchor="middle">${clockTime(from)}</text>`;
  })}`;
}

/** Series of one hour stand on each other. */
function bars(plot: Plot): Html {
  const { series, hours, format } = plot;
  const end = endOf(plot);
  return html`${hours.map((from, index) => {
    const { x, width } = placeOf(index, hours.length);
    let below = 0;
    return series.map(({ name, look, values }) => {
      const value = values[index] ?? 0;
      if (value === 0) return null;
      below += value;
      return html`<rect class="${look}" x="${round(x + 1)}" y="${yOf(below, end)}" width="${round(width - 2)}" height="${Math.max(1, heightOf(value, end))}" rx="1.5"><title>${hourText(from)}: ${format(value)} ${name}</title></rect>`;
    });
  })}`;
}

/** A line is broken where there is no value. */
function lines(plot: Plot): Html {
  const { series, hours, format } = plot;
  const end = endOf(plot);
  return html`${series.map(({ name, look, values }) => {
    let pen = 'M';
    const points = values.flatMap((value, index) => {
      if (value === null) {
        pen = 'M';
        return [];
      }
      const { x, width } = placeOf(index, values.length);
      const point = { command: pen, x: round(x + width / 2), y: yOf(value, end), value, from: hours[index] ?? 0 };
      pen = 'L';
      return [point];
    });
    return html`<path class="${look}" d="${points.map(({ command, x, y }) => `${command}${x} ${y}`).join(' ')}"/>
${points.map(({ x, y, value, from }) => html`<circle class="${look}" cx="${x}" cy="${y}" r="2.5"><title>${hourText(from)}: ${format(value)} ${name}</title></circle>`)}`;
  })}`;
}

export function hourText(from: number): string {
  return `${clockTime(from)} to ${clockTime(from + 3_600_000)}`;
}
