const { readFileSync } = require('node:fs');
const module_ = require('node:module');
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { cachedDataVersionTag, setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

const FILE = join(__dirname, '../bundle/cli.cjs');

/**
 * The command line, `main`. Node keeps what it compiled from 22.1 on; before, to compile the bundle anew would be a fifth of
 * what a poll takes, so the build leaves V8's code beside it, in the file `cache`, for this very Node: V8 looks only at its
 * own version, and code of another build of it ends in a segmentation fault (20.18.1 with that of 20.20.2). `script` is the
 * bundle's, where it was loaded by this way.
 */
exports.load = function load() {
  // V8 would optimize undici's parser, which is WebAssembly, after its first answers: for all of a poll that takes longer
  // than the poll. In a process that goes on, it is optimized a little later.
  if (/^v2[0-4]\./.test(process.version)) setFlagsFromString('--wasm-tiering-budget=100000000');
  if (module_.enableCompileCache !== undefined) {
    module_.enableCompileCache();
    return require(FILE);
  }
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${readFileSync(FILE, 'utf8')}\n})`;
  const { version, platform, arch } = process;
  const cache = `${FILE}.${version}-${platform}-${arch}-${cachedDataVersionTag()}.cache`;
  const script = new Script(wrapped, { filename: pathToFileURL(FILE).href, cachedData: readIfThere(cache) });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, module_.createRequire(FILE), module, FILE, dirname(FILE));
  return { ...module.exports, script, cache };
};

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
