import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules, createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * Makes one file of src/cli.ts and of what every run needs of its packages, bundle/cli.cjs: a cron line starts the program
 * once a minute, and most of its time would go into finding and reading some 400 files. What only some commands need is in
 * files of its own beside it, or stays outside, and is loaded when it is called for.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const OUTSIDE = ['@googleapis/gmail'];
/** Packages alone, none of our modules: those would be there twice, and an error of one no instance of the other. */
const APART = {
  inquirer: 'scripts/apart/inquirer.js',
  open: 'scripts/apart/open.js',
  pino: 'scripts/apart/pino.js',
  'server-packages': 'src/server/packages.ts',
};

/** Where our modules import what lies apart: the same names, of the file beside the bundle. */
const apart = {
  name: 'apart',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(inquirer|open|pino|\.\/packages\.js)$/ }, ({ path, importer }) => {
      if (!/[\\/]src[\\/]/.test(importer)) return undefined;
      return { path: path === './packages.js' ? 'server-packages' : path, namespace: 'apart' };
    });
    onResolve({ filter: /.*/, namespace: 'apart' }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: 'apart' }, ({ path }) => {
      const exported = Object.keys(require(`${root}bundle/${path}.cjs`)).map((name) =>
        name === 'default' ? 'export default apart.default;' : `export const ${name} = apart.${name};`,
      );
      return { contents: [`const apart = require('./${path}.cjs');`, ...exported].join('\n') };
    });
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
    instead(/^semver$/, /[\\/]conf[\\/]/, 'no-semver.js');
    instead(/^node:http$/, /[\\/]undici[\\/]/, 'http.cjs');
    instead(/^node:assert$/, /[\\/]undici[\\/]/, 'assert.cjs');
    instead(/^@neon-rs\/load$/, /[\\/]libsql[\\/]/, 'native-target.cjs');
    instead(/^detect-libc$/, /[\\/]libsql[\\/]/, 'no-libc.cjs');
    onResolve({ filter: /^undici\// }, ({ path }) => ({ path: require.resolve(path) }));
  },
};

/** libsql's binary is a package of libsql's: where it lies is for libsql to say, not for the bundle. */
const native = {
  name: 'native',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/]libsql[\\/]index\.js$/ }, ({ path }) => {
      const parts = readFileSync(path, 'utf8').split('return require(`@libsql/${target}`);');
      if (parts.length !== 2) throw new Error(`${path} loads its binary in another way than this script knows`);
      const load = "return require('node:module').createRequire(require.resolve('libsql'))(`@libsql/${target}`);";
      return { contents: parts.join(load) };
    });
  },
};

/** What not every run uses of Node's own: loaded when the first of its exports is asked for. All are plain objects of functions. */
const LATE = [
  'child_process',
  'crypto',
  'dns',
  'fs/promises',
  'http',
  'os',
  'perf_hooks',
  'timers/promises',
  'tls',
  'zlib',
];

/**
 * Node's own modules by require: an import makes a namespace of all that they export, and asks every getter for its value
 * (node:http's load the undici that Node carries).
 */
const required = {
  name: 'required',
  setup({ onResolve, onLoad }) {
    const names = new Set(builtinModules);
    onResolve({ filter: /^[\w:/]+$/ }, ({ path, kind, namespace, importer }) => {
      const name = path.replace(/^node:/, '');
      if (!names.has(name)) return undefined;
      const ours = namespace !== 'builtin' && (kind !== 'require-call' || /[\\/]commander[\\/]/.test(importer));
      return ours ? { path: name, namespace: 'builtin' } : { path: `node:${name}`, external: true };
    });
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: LATE.includes(path) ? late(path) : `module.exports = require('node:${path}');`,
    }));
  },
};

function late(name) {
  const exported = Object.keys(require(`node:${name}`));
  return `let loaded;
    for (const name of ${JSON.stringify(exported)}) {
      Object.defineProperty(exports, name, {
        enumerable: true,
        get: () => (loaded ??= require('node:${name}'))[name],
      });
    }`;
}

const options = {
  absWorkingDir: root,
  outdir: 'bundle',
  bundle: true,
  minifyWhitespace: true,
  minifySyntax: true,
  // CommonJS: Node's loader of modules takes its time before it has found the first, and keeps no code (bin/load.js).
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  define: { 'import.meta.url': 'urlOfBundle' },
  banner: { js: "const urlOfBundle = require('node:url').pathToFileURL(__filename).href;" },
  supported: { 'dynamic-import': false },
  platform: 'node',
  target: 'node20.18',
  external: OUTSIDE,
  legalComments: 'none',
  logLevel: 'error',
};
rmSync(`${root}bundle`, { recursive: true, force: true });
await build({ ...options, entryPoints: APART });
await build({ ...options, entryPoints: ['src/cli.ts'], plugins: [apart, lean, native, required] });
// `open` starts the script beside its own file.
copyFileSync(`${root}node_modules/open/xdg-open`, `${root}bundle/xdg-open`);
