import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Agent } from 'undici';

const MESSAGE = 'message(id,threadId,labelIds)';
/** What gmail-events asks history.list for. */
export const FIELDS = `historyId,nextPageToken,history(id,messagesAdded/${MESSAGE},messagesDeleted/${MESSAGE},labelsAdded(labelIds,${MESSAGE}),labelsRemoved(labelIds,${MESSAGE}))`;

export const agent = new Agent();
const unpacked = promisify(gunzip);

/** One GET of Gmail as gmail-events sends it, packed as Google answers it. */
export async function get({ gmail, token }, path) {
  const { body, headers } = await agent.request({
    origin: gmail,
    method: 'GET',
    path: `/gmail/v1/users/me/${path}`,
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'bench (gzip)', 'accept-encoding': 'gzip' },
  });
  const bytes = Buffer.from(await body.arrayBuffer());
  return JSON.parse(headers['content-encoding'] === 'gzip' ? await unpacked(bytes) : bytes);
}

export function historyPath(startHistoryId, pageToken) {
  const page = pageToken === undefined ? '' : `&pageToken=${pageToken}`;
  return `history?startHistoryId=${startHistoryId}&maxResults=500&fields=${encodeURIComponent(FIELDS)}&prettyPrint=false${page}`;
}
