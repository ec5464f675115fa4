import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Remakes docs/page/*.png: a sandbox with a day behind it, the page, and Debian's Chromium. Usage: npm run screenshots */
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = process.argv[2] ?? `${root}docs/page`;
// One level below the root, as bundle/ is: the program finds its package.json from there.
const outdir = `${root}.screenshots`;
try {
  await build({
    absWorkingDir: root,
    entryPoints: ['tests/browser/screenshots.ts'],
    outdir,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    logLevel: 'warning',
  });
  const { takeScreenshots } = await import(`${outdir}/screenshots.js`);
  await takeScreenshots(folder);
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
