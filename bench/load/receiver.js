import { createServer } from 'node:http';
import { RETRY_AFTER_SECONDS } from './cast.js';

/**
 * The receivers of all instances, in a process of their own: one server whose paths say how to answer. It tells its parent
 * where it listens, then, when asked, how much has come (`progress`) or all of it (`arrivals`).
 */
const instances = new Map();
const endpoints = new Map();
let [healthy, served] = [0, 0];

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => receive(request, response));
});
server.keepAliveTimeout = 60_000;
server.on('connection', (socket) => socket.on('error', () => {}));
server.listen(0, '127.0.0.1', 1024, () => process.send({ port: server.address().port }));

function receive(request, response) {
  const [path, query] = request.url.split('?');
  const kind = path.split('/')[1];
  note(instances, query.slice(2), [request.headers['elements-webhook-id'], Date.now()]);
  note(endpoints, path, Date.now());
  if (kind === 'ok') {
    healthy += 1;
    if (instances.get(query.slice(2)).length === 1) served += 1;
    response.writeHead(200, { 'content-length': 2 }).end('{}');
  } else if (kind === '500') {
    response.writeHead(500, { 'content-length': 0 }).end();
  } else if (kind === '429') {
    response.writeHead(429, { 'content-length': 0, 'retry-after': RETRY_AFTER_SECONDS }).end();
  } else if (kind === 'reset') {
    request.socket.resetAndDestroy();
  }
}

function note(map, key, entry) {
  const known = map.get(key);
  if (known === undefined) map.set(key, [entry]);
  else known.push(entry);
}

process.on('message', (question) => {
  if (question === 'progress') process.send({ healthy, served });
  else process.send({ instances: [...instances], endpoints: [...endpoints] });
});
process.on('disconnect', () => process.exit());
