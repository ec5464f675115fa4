import { describe, expect, it } from '@jest/globals';
import { startSandbox } from '../../src/sandbox/index.js';
import { caller } from './caller.js';

describe('a large mailbox', () => {
  it('holds 20,000 messages and 100,000 history records, and pages through them', async () => {
    const sandbox = await startSandbox({ messages: 20_000 });
    try {
      const mailbox = sandbox.mailbox();
      const start = mailbox.historyId;
      const ids = mailbox.receiveMany(20_000, { body: 'short' });
      for (const id of ids) {
        mailbox.modifyLabels(id, { add: ['STARRED'] });
        mailbox.modifyLabels(id, { remove: ['STARRED'] });
        mailbox.trash(id);
        mailbox.delete(id);
      }
      const gmail = await caller(sandbox);
      let records = 0;
      let pageToken: string | undefined;
      do {
        const token = pageToken === undefined ? '' : `&pageToken=${pageToken}`;
        const { body } = await gmail.get<{ history?: unknown[]; nextPageToken?: string }>(
          `history?startHistoryId=${start}&maxResults=500&fields=history(id),nextPageToken${token}&prettyPrint=false`,
        );
        records += body.history?.length ?? 0;
        pageToken = body.nextPageToken;
      } while (pageToken !== undefined);
      expect(records).toBe(100_000);
      const { body } = await gmail.get('messages?maxResults=500&q=in:inbox');
      expect([body['resultSizeEstimate'], (body['messages'] as unknown[]).length]).toEqual([20_000, 500]);
    } finally {
      await sandbox.close();
    }
  });
});
