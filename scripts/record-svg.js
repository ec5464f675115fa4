const CELL = { width: 8.4, height: 18 };
const MARGIN = 14;
const COLOURS = { 1: '#f7768e', 2: '#9ece6a', 3: '#e0af68', 4: '#7aa2f7', 5: '#bb9af7', 6: '#7dcfff', 8: '#737aa2' };

/** What stands on a terminal of @xterm/headless: of each row, runs of cells of one look. */
export function frameOf(terminal) {
  const { active } = terminal.buffer;
  return Array.from({ length: terminal.rows }, (_, row) => runsOf(active.getLine(active.baseY + row), terminal.cols));
}

function runsOf(line, columns) {
  const runs = [];
  for (let at = 0; at < columns; at++) {
    const cell = line?.getCell(at);
    if (cell === undefined || cell.getWidth() === 0) continue;
    const colour = cell.isFgPalette() ? (COLOURS[cell.getFgColor() % 8 || cell.getFgColor()] ?? null) : null;
    const look = JSON.stringify([colour, cell.isBold() !== 0, cell.isDim() !== 0]);
    const last = runs.at(-1);
    const text = cell.getChars() || ' ';
    if (last?.look === look) last.text += text;
    else runs.push({ at, look, text });
  }
  return runs.filter(({ text }) => text.trim() !== '');
}

/** Frames one beside the other, of which the picture shows each for its seconds, over and over. */
export function svgOf(frames, { columns, rows }) {
  const [width, height] = [columns * CELL.width + 2 * MARGIN, rows * CELL.height + 2 * MARGIN].map(Math.ceil);
  const total = frames.reduce((sum, { seconds }) => sum + seconds, 0);
  let passed = 0;
  const steps = frames.map(({ seconds }, index) => {
    const step = `${((passed / total) * 100).toFixed(3)}%{transform:translateX(${-index * width}px)}`;
    passed += seconds;
    return step;
  });
  const pictures = frames.map(
    ({ lines }, index) => `<g transform="translate(${index * width + MARGIN} ${MARGIN})">${textOf(lines)}</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>gmail-events, the first run</title>
<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#c0caf5;white-space:pre}
.b{font-weight:bold}.d{opacity:.6}
${Object.entries(COLOURS)
  .map(([code, colour]) => `.c${code}{fill:${colour}}`)
  .join('')}
.film{animation:film ${total.toFixed(1)}s steps(1,end) infinite}
@keyframes film{${steps.join('')}}
@media (prefers-reduced-motion:reduce){.film{animation:none;transform:translateX(${-(frames.length - 1) * width}px)}}
</style>
<rect width="100%" height="100%" rx="8" fill="#1a1b26"/>
<g class="film">
${pictures.join('\n')}
</g>
</svg>
`;
}

function textOf(lines) {
  return lines
    .flatMap((runs, row) =>
      runs.map(({ at, look, text }) => {
        const [colour, bold, dim] = JSON.parse(look);
        const code = Object.keys(COLOURS).find((each) => COLOURS[each] === colour);
        const classes = [code === undefined ? '' : `c${code}`, bold ? 'b' : '', dim ? 'd' : '']
          .filter(Boolean)
          .join(' ');
        const y = ((row + 0.75) * CELL.height).toFixed(1);
        const x = (at * CELL.width).toFixed(1);
        return `<text x="${x}" y="${y}"${classes === '' ? '' : ` class="${classes}"`}>${escaped(text.trimEnd())}</text>`;
      }),
    )
    .join('');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
