import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import pLimit from 'p-limit';
import { agent, get, historyPath } from './gmail.js';

/** As many messages of one mailbox at once as gmail-events gets. */
const GETS_AT_ONCE = 4;

/** argv: a file of a poll and the bodies it makes. The same GETs and the same POSTs, nothing stored. */
const poll = JSON.parse(readFileSync(argv[2], 'utf8'));
const limit = pLimit(GETS_AT_ONCE);
const { origin, pathname, search } = new URL(poll.callback);
let pageToken;
do {
  const page = await get(poll, historyPath(poll.startHistoryId, pageToken));
  const ids = page.history.flatMap(({ messagesAdded = [] }) => messagesAdded.map(({ message }) => message.id));
  if (poll.format !== 'ids') {
    await Promise.all(
      ids.map((id) => limit(() => get(poll, `messages/${id}?format=${poll.format}&prettyPrint=false`))),
    );
  }
  pageToken = page.nextPageToken;
} while (pageToken !== undefined);
for (const body of poll.bodies) {
  const headers = { 'content-type': 'application/json' };
  const answer = await agent.request({ origin, path: pathname + search, method: 'POST', headers, body });
  await answer.body.text();
}
await agent.close();
