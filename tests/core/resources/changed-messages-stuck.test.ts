import { describe, expect, it } from '@jest/globals';
import { Bench, historyResource } from './history/bench.js';
import { FakeGmail, gmailError, throttled } from './history/fake-gmail.js';

function failing(gmail: FakeGmail, ...ids: string[]): void {
  gmail.fault = ({ query }) => {
    if (ids.includes(String(query['id']))) throw gmailError(500);
  };
}

function mailbox(): FakeGmail {
  const gmail = new FakeGmail();
  gmail.receive('before', ['INBOX'], { at: 1 });
  return gmail;
}

describe('a message that does not come', () => {
  it('holds the poll up twice and is emitted without payload by the third that reaches it', async () => {
    const gmail = mailbox();
    const bench = new Bench(gmail);
    for (const id of ['a', 'b', 'poison', 'c', 'd']) gmail.receive(id);
    failing(gmail, 'poison');
    await expect(bench.poll()).rejects.toMatchObject({
      name: 'CoreError',
      code: 'failed',
      message: expect.stringContaining('poison'),
    });
    expect(bench.types()).toEqual(['CREATED a', 'CREATED b']);
    expect(bench.row).toMatchObject({ cursor: gmail.records[2]?.id, stuck: { messageId: 'poison', polls: 1 } });
    await expect(bench.poll()).rejects.toMatchObject({ code: 'failed' });
    expect(bench.row.stuck).toEqual({ messageId: 'poison', polls: 2 });
    expect(bench.events).toHaveLength(2);
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED a', 'CREATED b', 'CREATED poison', 'CREATED c', 'CREATED d']);
    expect(bench.events[2]?.record).toEqual({
      id: 'poison',
      threadId: 't-poison',
      labelIds: ['INBOX'],
      historyId: gmail.records[3]?.id,
      changes: [{ type: 'messageAdded' }],
      payloadError: 'Gmail did not give this message in 3 polls: Gmail answered 500',
    });
    expect(bench.row).toMatchObject({ cursor: gmail.records.at(-1)?.id, stuck: null });
  });

  it('is forgotten when it comes after all', async () => {
    const gmail = mailbox();
    const bench = new Bench(gmail);
    for (const id of ['poison', 'a']) gmail.receive(id);
    failing(gmail, 'poison');
    await expect(bench.poll()).rejects.toMatchObject({ code: 'failed' });
    expect(bench.row.stuck).toEqual({ messageId: 'poison', polls: 1 });
    gmail.fault = () => {};
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED poison', 'CREATED a']);
    expect(bench.row.stuck).toBeNull();
  });

  it('is forgotten when it is deleted meanwhile', async () => {
    const gmail = mailbox();
    const bench = new Bench(gmail);
    for (const id of ['poison', 'a']) gmail.receive(id);
    failing(gmail, 'poison');
    await expect(bench.poll()).rejects.toMatchObject({ code: 'failed' });
    gmail.delete('poison');
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED a', 'DELETED poison']);
    expect(bench.row.stuck).toBeNull();
  });

  it('makes a shorter part, which then fetches what the longer one knew as deleted', async () => {
    const gmail = mailbox();
    const bench = new Bench(gmail);
    for (const id of ['a', 'poison', 'b']) gmail.receive(id);
    gmail.delete('a');
    failing(gmail, 'poison');
    await expect(bench.poll()).rejects.toMatchObject({ name: 'CoreError' });
    expect(bench.types()).toEqual(['CREATED a']);
    expect(bench.events[0]?.record).toMatchObject({ gone: true });
    await bench.pollUntilDone(2);
    expect(bench.types()).toEqual(['CREATED a', 'CREATED poison', 'CREATED b', 'DELETED a']);
  });

  it.each([
    [400, 'permanent'],
    [502, 'retry'],
    [403, 'bug'],
  ] as const)('whatever its error: %s %s', async (status, kind) => {
    const gmail = mailbox();
    const bench = new Bench(gmail);
    for (const id of ['poison', 'a']) gmail.receive(id);
    gmail.fault = ({ query }) => {
      if (query['id'] === 'poison') throw gmailError(status, { class: kind });
    };
    await expect(bench.pollUntilDone(3)).resolves.toBeUndefined();
    expect(bench.types()).toEqual(['CREATED poison', 'CREATED a']);
  });

  it('two of them take three polls each', async () => {
    const gmail = mailbox();
    const bench = new Bench(gmail);
    for (const id of ['a', 'p1', 'b', 'p2', 'c']) gmail.receive(id);
    failing(gmail, 'p1', 'p2');
    const stuck = [];
    for (let poll = 0; poll < 4; poll += 1) {
      await expect(bench.poll()).rejects.toMatchObject({ code: 'failed' });
      stuck.push(bench.row.stuck);
    }
    expect(stuck).toEqual([
      { messageId: 'p1', polls: 1 },
      { messageId: 'p1', polls: 2 },
      { messageId: 'p2', polls: 1 },
      { messageId: 'p2', polls: 2 },
    ]);
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED a', 'CREATED p1', 'CREATED b', 'CREATED p2', 'CREATED c']);
  });

  it('within a record of several messages holds up the whole record', async () => {
    const gmail = mailbox();
    const bench = new Bench(gmail);
    for (const id of ['x', 'poison', 'y']) gmail.receive(id);
    const messages = gmail.records.splice(1).flatMap((record) => record.messagesAdded ?? []);
    gmail.record({ messagesAdded: messages });
    gmail.receive('z');
    failing(gmail, 'poison');
    await expect(bench.poll()).rejects.toMatchObject({ code: 'failed' });
    expect(bench.events).toEqual([]);
    await bench.pollUntilDone(2);
    expect(bench.types()).toEqual(['CREATED x', 'CREATED poison', 'CREATED y', 'CREATED z']);
  });

  it('two within one record: what was given up stays so, and neither holds up the mailbox for ever', async () => {
    const gmail = mailbox();
    const bench = new Bench(gmail);
    for (const id of ['p1', 'x', 'p2']) gmail.receive(id);
    const messages = gmail.records.splice(1).flatMap((record) => record.messagesAdded ?? []);
    gmail.record({ messagesAdded: messages });
    gmail.receive('z');
    failing(gmail, 'p1', 'p2');
    const stuck = [];
    for (let poll = 0; poll < 4; poll += 1) {
      await expect(bench.poll()).rejects.toMatchObject({ name: 'CoreError' });
      stuck.push(bench.row.stuck);
    }
    expect(stuck).toEqual([
      { messageId: 'p1', polls: 1 },
      { messageId: 'p1', polls: 2 },
      { messageId: 'p2', polls: 1, givenUp: ['p1'] },
      { messageId: 'p2', polls: 2, givenUp: ['p1'] },
    ]);
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED p1', 'CREATED x', 'CREATED p2', 'CREATED z']);
    expect(bench.events.map(({ record }) => 'payloadError' in record)).toEqual([true, false, true, false]);
    expect(bench.row.stuck).toBeNull();
  });

  it('given up while a throttle ends the poll within its record: the next poll needs no third try', async () => {
    const gmail = mailbox();
    const bench = new Bench(gmail);
    for (const id of ['p1', 'x']) gmail.receive(id);
    const messages = gmail.records.splice(1).flatMap((record) => record.messagesAdded ?? []);
    gmail.record({ messagesAdded: messages });
    failing(gmail, 'p1');
    for (const polls of [1, 2]) {
      await expect(bench.poll()).rejects.toMatchObject({ name: 'CoreError' });
      expect(bench.row.stuck).toEqual({ messageId: 'p1', polls });
    }
    gmail.fault = ({ query }) => {
      if (query['id'] === 'p1') throw gmailError(500);
      if (query['id'] === 'x') throw throttled();
    };
    await expect(bench.poll()).rejects.toMatchObject({ class: 'throttle' });
    expect(bench.events).toEqual([]);
    failing(gmail, 'p1');
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED p1', 'CREATED x']);
    expect(bench.row.stuck).toBeNull();
  });

  it('the only new message: another one of the mailbox tells that Gmail is well', async () => {
    const gmail = mailbox();
    const bench = new Bench(gmail);
    gmail.receive('poison');
    failing(gmail, 'poison');
    await expect(bench.poll()).rejects.toMatchObject({ name: 'CoreError' });
    expect(bench.row.stuck).toEqual({ messageId: 'poison', polls: 1 });
    expect(gmail.callsOf('messagesGet').map(({ id }) => id)).toEqual(['poison', 'before']);
    await bench.pollUntilDone(2);
    expect(bench.types()).toEqual(['CREATED poison']);
  });

  it('the only message of the mailbox: that Gmail lists is enough', async () => {
    const gmail = new FakeGmail();
    const bench = new Bench(gmail);
    gmail.receive('poison');
    failing(gmail, 'poison');
    await bench.pollUntilDone(3);
    expect(bench.types()).toEqual(['CREATED poison']);
  });
});

describe('Gmail is down', () => {
  it('no message is to blame while none comes: nothing is counted, nothing emitted without payload', async () => {
    const gmail = mailbox();
    const bench = new Bench(gmail);
    for (const id of ['a', 'b']) gmail.receive(id);
    gmail.fault = ({ method }) => {
      if (method === 'messagesGet') throw gmailError(503);
    };
    for (let poll = 0; poll < 5; poll += 1) {
      await expect(bench.poll()).rejects.toMatchObject({ name: 'GmailError', status: 503 });
    }
    expect(bench.row.stuck).toBeNull();
    expect(bench.events).toEqual([]);
    gmail.fault = () => {};
    await bench.poll();
    expect(bench.types()).toEqual(['CREATED a', 'CREATED b']);
  });

  it('a throttle met while looking at another message ends the poll as a throttle', async () => {
    const gmail = mailbox();
    const bench = new Bench(gmail);
    gmail.receive('a');
    gmail.fault = ({ method, query }) => {
      if (query['id'] === 'a') throw gmailError(500);
      if (method === 'messagesList') throw throttled();
    };
    await expect(bench.poll()).rejects.toMatchObject({ class: 'throttle' });
    expect(bench.row.stuck).toBeNull();
  });

  it('another message that is gone is an answer too', async () => {
    const gmail = mailbox();
    const bench = new Bench(gmail, historyResource());
    gmail.receive('poison');
    failing(gmail, 'poison');
    const fault = gmail.fault;
    gmail.fault = (call) => {
      fault(call);
      if (call.query['id'] === 'before') throw gmailError(404, { class: 'permanent' });
    };
    await expect(bench.poll()).rejects.toMatchObject({ name: 'CoreError' });
    expect(bench.row.stuck).toEqual({ messageId: 'poison', polls: 1 });
  });
});
