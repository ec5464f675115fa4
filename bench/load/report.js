/** `figures` in rows of name and text; `checks` of what has to hold. */
export function printReport({ title, figures, checks, numbers }, json) {
  const ok = checks.every((check) => check.ok);
  if (json) {
    console.log(JSON.stringify({ ok, numbers, checks }));
    return;
  }
  const width = Math.max(...figures.map(([name]) => name.length), ...checks.map(({ name }) => name.length));
  console.log(`${title}\n`);
  for (const [name, text] of figures) console.log(`${name.padEnd(width)}  ${text}`);
  console.log('');
  for (const { name, ok: holds, found } of checks)
    console.log(`${name.padEnd(width)}  ${holds ? 'ok' : 'FAILED'}  ${found}`);
  console.log(`\n${ok ? 'passed' : 'FAILED'}`);
}

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
export const megabytes = (bytes) => `${(bytes / 1024 ** 2).toFixed(1)} MB`;
