import { MAIL, mailboxesADay, unitsADay } from './limits.js';

const [WIDTH, HEIGHT] = [760, 440];
const AREA = { left: 78, right: 590, top: 64, bottom: 380 };
const X = { from: 1, to: 60, ticks: [1, 2, 5, 10, 15, 30, 60] };
const Y = {
  from: 10_000,
  to: 2_000_000,
  ticks: [10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000],
};

const scale =
  ({ from, to }, start, end) =>
  (value) =>
    start + (Math.log(value / from) / Math.log(to / from)) * (end - start);
const x = scale(X, AREA.left, AREA.right);
const y = scale(Y, AREA.bottom, AREA.top);
const at = (value) => value.toFixed(1);

const STYLE = `
    :root { --paper: #ffffff; --ink: #1f2328; --faint: #656d76; --grid: #d8dee4; --ids: #0b6e4f; --m1: #7aa6f0; --m2: #3b76d6; --m3: #16458f; }
    @media (prefers-color-scheme: dark) {
      :root { --paper: #0d1117; --ink: #e6edf3; --faint: #9198a1; --grid: #30363d; --ids: #4cc38a; --m1: #a9c7fb; --m2: #6ea0f5; --m3: #3f78d8; }
    }
    text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: var(--ink); }
    .title { font-size: 16px; font-weight: 600; } .axis { fill: var(--faint); font-size: 12px; }
    .grid { stroke: var(--grid); } .line { fill: none; stroke-width: 2; } .dot { fill: var(--paper); stroke-width: 2; }`;

/** How many mailboxes fit into one project's day at which interval: lines by the formula, rings where a day was simulated. */
export function plot(simulated) {
  const lines = [
    { name: 'ids, or no mail', fetched: 0, colour: 'var(--ids)' },
    ...MAIL.map((fetched, n) => ({ name: `${fetched} messages a day`, fetched, colour: `var(--m${n + 1})` })),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="t d">
  <title id="t">Mailboxes that fit into one Google Cloud project</title>
  <desc id="d">Both axes are logarithmic. Fewer polls let more mailboxes in, until the messages that are fetched cost more than the polls.</desc>
  <style>${STYLE}
  </style>
  <rect width="${WIDTH}" height="${HEIGHT}" rx="6" fill="var(--paper)"/>
  <text class="title" x="${AREA.left}" y="28">Mailboxes that fit into one Google Cloud project</text>
  <text class="axis" x="${AREA.left}" y="48">within 80,000,000 units a day, by polling interval and what is fetched; rings: simulated</text>
${[...grid(), ...lines.map(curve), ...simulated.map(ring)].map((line) => `  ${line}`).join('\n')}
</svg>
`;
}

function grid() {
  const middle = at((AREA.left + AREA.right) / 2);
  return [
    ...Y.ticks.flatMap((tick) => [
      `<line class="grid" x1="${AREA.left}" x2="${AREA.right}" y1="${at(y(tick))}" y2="${at(y(tick))}"/>`,
      `<text class="axis" x="${AREA.left - 8}" y="${at(y(tick) + 4)}" text-anchor="end">${tick.toLocaleString('en-US')}</text>`,
    ]),
    ...X.ticks.map(
      (tick) => `<text class="axis" x="${at(x(tick))}" y="${AREA.bottom + 20}" text-anchor="middle">${tick}</text>`,
    ),
    `<text class="axis" x="${middle}" y="${AREA.bottom + 42}" text-anchor="middle">minutes between two polls</text>`,
  ];
}

function curve({ name, fetched, colour }) {
  const points = [];
  for (let step = 0; step <= 48; step += 1) {
    const minutes = X.to ** (step / 48);
    points.push(`${at(x(minutes))},${at(y(mailboxesADay(unitsADay(minutes, fetched))))}`);
  }
  const end = y(mailboxesADay(unitsADay(X.to, fetched)));
  return `<polyline class="line" stroke="${colour}" points="${points.join(' ')}"/><text x="${AREA.right + 10}" y="${at(end + 4)}">${name}</text>`;
}

function ring({ minutes, format, units }) {
  const colour = format === 'ids' ? 'var(--ids)' : `var(--m${MAIL.length})`;
  return `<circle class="dot" cx="${at(x(minutes))}" cy="${at(y(mailboxesADay(units)))}" r="4.5" stroke="${colour}"/>`;
}
