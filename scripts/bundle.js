import { copyFileSync, rmSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Makes one file of src/cli.ts and of what every run needs of its packages, bundle/cli.js: a cron line starts the program
 * once a minute, and most of its time would go into finding and reading some 400 files. What only some commands need is in
 * files of its own beside it, or stays outside, and is loaded when it is called for.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const OUTSIDE = ['libsql', '@googleapis/gmail', 'inquirer'];
/** Packages alone, none of our modules: those would be there twice, and an error of one no instance of the other. */
const APART = {
  pino: 'scripts/apart/pino.js',
  open: 'scripts/apart/open.js',
  'server-packages': 'src/server/packages.ts',
};

const apart = {
  name: 'apart',
  setup({ onResolve }) {
    const beside = (filter, name) =>
      onResolve({ filter }, (args) =>
        /[\\/]src[\\/]/.test(args.importer) ? { path: `./${name}.js`, external: true } : undefined,
      );
    beside(/^pino$/, 'pino');
    beside(/^open$/, 'open');
    beside(/^\.\/packages\.js$/, 'server-packages');
  },
};

/** Parts of packages that are loaded, but never used here. */
const lean = {
  name: 'lean',
  setup({ onResolve }) {
    const instead = (filter, importer, file) =>
      onResolve({ filter }, (args) =>
        importer.test(args.importer) ? { path: fileURLToPath(new URL(`lean/${file}`, import.meta.url)) } : undefined,
      );
    // fetch, WebSocket, caches, mocks: undici's index loads them all.
    instead(/^undici$/, /[\\/]src[\\/]/, 'undici.cjs');
    // HTTP/2 is spoken only by a client that is told to (allowH2).
    instead(/^\.\/client-h2\.js$/, /[\\/]undici[\\/]/, 'no-http2.cjs');
    // conf validates only against a `schema`.
    instead(/^ajv/, /[\\/]conf[\\/]/, 'no-validator.js');
    onResolve({ filter: /^undici\// }, ({ path }) => ({ path: require.resolve(path) }));
  },
};

/**
 * Node's own modules by require: an import makes a namespace of all that they export, and asks every getter for its value
 * (node:http's load the undici that Node carries).
 */
const required = {
  name: 'required',
  setup({ onResolve, onLoad }) {
    const names = new Set(builtinModules);
    onResolve({ filter: /^[\w:/]+$/ }, ({ path, kind }) => {
      const name = path.replace(/^node:/, '');
      if (!names.has(name)) return undefined;
      return kind === 'require-call' ? { path: `node:${name}`, external: true } : { path: name, namespace: 'builtin' };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require('node:${path}');`,
    }));
  },
};

const options = {
  absWorkingDir: root,
  outdir: 'bundle',
  bundle: true,
  minifyWhitespace: true,
  minifySyntax: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.18',
  external: OUTSIDE,
  legalComments: 'none',
  // CommonJS packages ask for node's own modules by require.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
  logLevel: 'warning',
};
rmSync(`${root}bundle`, { recursive: true, force: true });
await Promise.all([
  build({ ...options, entryPoints: ['src/cli.ts'], plugins: [apart, lean, required] }),
  build({ ...options, entryPoints: APART }),
]);
// `open` starts the script beside its own file.
copyFileSync(`${root}node_modules/open/xdg-open`, `${root}bundle/xdg-open`);
