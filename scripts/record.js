import { spawn as start } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { spawn } from '@lydell/node-pty';
import { frameOf, svgOf } from './record-svg.js';

// npm run record: a first run of the real program on a real pseudo-terminal, against the double of Google, as an asciinema
// cast and an SVG. What differs from run to run (addresses, tokens, ids, durations) is replaced, so that a change of either
// file is a change of what the program says.

const root = fileURLToPath(new URL('..', import.meta.url));
const BIN = join(root, 'bin/gmail-events.js');
const SIZE = { columns: 88, rows: 26 };
const { Terminal } = createRequire(import.meta.url)('@xterm/headless');
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'docs/session') } } });

const folder = mkdtempSync(join(tmpdir(), 'gmail-events-record-'));
const sandbox = start(process.execPath, [BIN, 'sandbox', '--json', '--port', '0', '--every', '0', '--auto-consent'], {
  stdio: ['ignore', 'pipe', 'ignore'],
});
const receiver = createServer((request, response) => request.resume().on('end', () => response.end('{}')));
try {
  const google = JSON.parse(await firstLine(sandbox.stdout));
  // A person brings the client in a file.
  google.env = Object.fromEntries(Object.entries(google.env).filter(([name]) => name.endsWith('_URL')));
  copyFileSync(google.clientSecretFile, join(folder, 'client_secret.json'));
  await new Promise((listening) => receiver.listen(0, '127.0.0.1', listening));
  const frames = await play(google, `http://127.0.0.1:${receiver.address().port}/event`);
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, 'first-run.cast'), castOf(frames));
  writeFileSync(join(values.out, 'first-run.svg'), await svgOfFrames(frames));
} finally {
  sandbox.kill();
  receiver.close();
  receiver.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
}

/** The session as pieces of output, each with the seconds that it stands. */
async function play(google, callback) {
  const frames = [];
  const show = (text, seconds) => frames.push({ text: steady(text, callback), seconds });
  await command(google, show, 'gmail-events', [
    ['Have you got', '\u001b[B', '\r'],
    ['Its JSON file', 'client_secret.json', '\r'],
    ['Where is your browser?', '\r'],
    ['Name of the instance', '\r'],
    ['Turn on events?', '\r'],
    ['Callback URL', callback, '\r'],
    ['Sign what is sent', '\r'],
    ['Minutes between polls', '5', '\r'],
    ['Resources to poll', '\r'],
    ['Tags', '\r'],
    ['Create the instance', '\r'],
    ['Send a signed test', '\r'],
  ]);
  await fetch(`${google.url}/sandbox/receive`, { method: 'POST', body: '{"subject":"Lunch on Friday?"}' });
  await command(google, show, 'gmail-events poll', []);
  await command(google, show, 'gmail-events instances list', []);
  show('$ ', 4);
  return frames;
}

/** Types a command line and runs it; each question is answered once it stands. */
async function command({ env }, show, line, answers) {
  show(`\u001b[32m$\u001b[39m ${line}`, 1.2);
  const child = spawn(process.execPath, [BIN, ...line.split(' ').slice(1)], {
    cols: SIZE.columns,
    rows: SIZE.rows,
    cwd: folder,
    env: {
      ...plainEnvironment(),
      ...env,
      HOME: folder,
      BROWSER: browser(),
      DISPLAY: '',
      XDG_CURRENT_DESKTOP: 'X-Generic',
      TERM: 'xterm-256color',
      LANG: 'C.UTF-8',
    },
  });
  let output = '\r\n';
  let wake = () => {};
  let ended = false;
  child.onData((text) => {
    output += text;
    wake();
  });
  const exit = new Promise((done) => child.onExit(done)).then(() => {
    ended = true;
    wake();
  });
  for (const [question, ...keys] of answers) {
    for (const deadline = Date.now() + 60_000; !output.includes(question); ) {
      if (ended || Date.now() > deadline) throw new Error(`"${question}" was never asked:\n${output}`);
      await new Promise((woken) => {
        wake = woken;
        setTimeout(woken, 1000);
      });
    }
    show(output, 1.5);
    output = '';
    for (const key of keys) child.write(key);
  }
  await exit;
  show(output, 3);
}

/** A browser that visits what it is given, as a person's does. */
function browser() {
  const file = join(folder, 'browser');
  writeFileSync(file, `#!${process.execPath}\nfetch(process.argv[2]);\n`);
  chmodSync(file, 0o700);
  return file;
}

function plainEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(GMAIL_EVENTS_|XDG_|NO_COLOR|FORCE_COLOR|CI$|DISPLAY)/.test(name),
  );
  return Object.fromEntries(kept);
}

function steady(text, callback) {
  return text
    .replaceAll(callback, 'https://mycoolapp.com/events')
    .replaceAll(`${new URL(callback).origin}/event`, 'https://mycoolapp.com/events')
    .replace(
      /http:\/\/127\.0\.0\.1:\d+\/o\/oauth2\/v2\/auth\S*/g,
      'https://accounts.google.com/o/oauth2/v2/auth?client_id=...',
    )
    .replaceAll(resolve(folder), '/home/me')
    .replaceAll(process.execPath, '/usr/bin/node')
    .replaceAll(BIN, '/home/me/gmail-events/bin/gmail-events.js')
    .replaceAll('ann@example.com', 'me@gmail.com')
    .replace(/(token: )\S+/g, '$1kRZsEuQ9Zd1xS3gm3xKq0cUpnA5hVwTfLbYoJrD2e8s=')
    .replace(/test-[0-9a-f]{32}/g, 'test-5b1e0c6f7a2d48938f3b9ad17c64e205')
    .replace(/\d+ ms/g, '8 ms');
}

function castOf(frames) {
  const header = { version: 2, width: SIZE.columns, height: SIZE.rows, title: 'gmail-events, the first run' };
  let at = 0;
  const events = frames.map(({ text, seconds }) => {
    const event = [Number(at.toFixed(3)), 'o', text];
    at += seconds;
    return event;
  });
  return `${[header, ...events].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

async function svgOfFrames(frames) {
  const terminal = new Terminal({ cols: SIZE.columns, rows: SIZE.rows, scrollback: 0, allowProposedApi: true });
  const drawn = [];
  for (const { text, seconds } of frames) {
    await new Promise((done) => terminal.write(text, done));
    drawn.push({ seconds, lines: frameOf(terminal) });
  }
  return svgOf(drawn, SIZE);
}

function firstLine(stream) {
  return new Promise((done, fail) => {
    let text = '';
    stream.setEncoding('utf8').on('data', (more) => {
      text += more;
      if (text.includes('\n')) done(text.slice(0, text.indexOf('\n')));
    });
    stream.on('end', () => fail(new Error('the sandbox ended')));
  });
}
