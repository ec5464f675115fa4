/**
 * Which of libsql's binaries fits this machine. Its own way has Node write a whole diagnostic report to learn the C library of
 * a Linux, and starts a process where that does not tell: a tenth of what a poll takes.
 */
const { readFileSync } = require('node:fs');
const whole = require('@neon-rs/load');

exports.load = whole.load;
exports.currentTarget = () => {
  const { platform, arch } = process;
  if (platform !== 'linux' || !['x64', 'arm64', 'arm'].includes(arch)) return whole.currentTarget();
  const [gnu, musl] = arch === 'arm' ? ['gnueabihf', 'musleabihf'] : ['gnu', 'musl'];
  return `linux-${arch}-${isMusl() ? musl : gnu}`;
};

function isMusl() {
  try {
    return readFileSync('/usr/bin/ldd', 'utf8').includes('musl');
  } catch {
    return process.report.getReport().header.glibcVersionRuntime === undefined;
  }
}
