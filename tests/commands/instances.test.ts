import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run as deleteInstance } from '../../src/commands/instances-delete.js';
import { run as disable } from '../../src/commands/instances-disable.js';
import { run as enable } from '../../src/commands/instances-enable.js';
import { run as list } from '../../src/commands/instances-list.js';
import { run as show } from '../../src/commands/instances-show.js';
import { run as update } from '../../src/commands/instances-update.js';
import type { InstanceObject } from '../../src/core/instances/index.js';
import type { InstanceDocument } from '../../src/core/types.js';
import { EMAIL, openWorld, refused, type World } from '../core/instances/world.js';
import { person, stdin, terminal } from './terminal.js';

describe('instances', () => {
  let world: World;
  let made: InstanceDocument;
  beforeEach(async () => {
    world = await openWorld();
    made = await world.create({ name: 'inbox', configuration: { 'event.notification.signature.key': 'S3CRET' } });
  });
  afterEach(() => world.close());

  async function object(work: (ui: ReturnType<typeof terminal>['ui']) => Promise<unknown>): Promise<InstanceObject> {
    const out = terminal({ json: true });
    expect(await work(out.ui)).toBe('ok');
    expect(out.json()).toHaveLength(1);
    return out.json()[0] as InstanceObject;
  }

  it('list shows the others when the file of one is broken, and names it', async () => {
    const other = await world.create({ name: 'broken' });
    writeFileSync(join(world.ctx.home, `instances/${other.id}.json`), '');
    const out = terminal({ json: true });
    await expect(list({}, world.ctx, out.ui)).rejects.toMatchObject({
      code: 'partial',
      message: expect.stringContaining(`instance ${other.id}: instances/${other.id}.json`),
    });
    expect(out.json()).toMatchObject([[{ id: made.id }]]);
  });

  it('list prints a table, or an array', async () => {
    await world.create({ name: 'off', configuration: { 'event.notification.enabled': false } });
    await disable({ instance: 'off' }, world.ctx, terminal().ui);
    const out = terminal();
    await list({}, world.ctx, out.ui);
    const lines = out.stdout.trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/ID +NAME +ACCOUNT +EVENTS +EVERY +RESOURCES +STATE/);
    expect(lines[1]).toMatch(/1 +inbox +ann@example.com +on +15 min +changed-messages +ok/);
    expect(lines[2]).toMatch(/2 +off +ann@example.com +off +15 min +changed-messages +disabled/);
    const json = terminal({ json: true });
    await list({}, world.ctx, json.ui);
    const [objects] = json.json() as [InstanceObject[]];
    expect(objects).toMatchObject([
      { id: 1, token: '********', valid: true },
      { id: 2, disabled: true, eventsEnabled: false },
    ]);
    expect(json.stdout + out.stdout).not.toContain('S3CRET');
    expect(json.stdout).not.toContain(made.token);
  });

  it('list shows a revoked grant, and survives a file that was changed by hand', async () => {
    const lease = await world.ctx.store.leases.acquire('deliver:1');
    if (lease === null) throw new Error('no lease');
    const configuration = { ...made.configuration, 'event.poller.configuration': '{' };
    await world.ctx.store.instanceFiles.write(lease, 1, { ...made, account: 'gone@example.com~x', configuration });
    await world.ctx.store.leases.release(lease);
    const out = terminal();
    await list({}, world.ctx, out.ui);
    expect(out.stdout).toMatch(/gone@example.com +on +\? +unreadable +needs authorization/);
    expect(await object((ui) => show({ instance: '1' }, world.ctx, ui))).toMatchObject({
      valid: false,
      user: { emailAddress: 'gone@example.com' },
    });
  });

  it('list of nothing is an empty array and a hint', async () => {
    await deleteInstance({ instance: '1', yes: true }, world.ctx, terminal().ui);
    const json = terminal({ json: true });
    await list({}, world.ctx, json.ui);
    expect(json.json()).toEqual([[]]);
    const out = terminal();
    await list({}, world.ctx, out.ui);
    expect([out.stdout, out.stderr]).toEqual(['', expect.stringContaining('create-instance')]);
  });

  it('show prints the object; the token only when it is asked for', async () => {
    const masked = await object((ui) => show({ instance: 'inbox' }, world.ctx, ui));
    expect(masked).toMatchObject({ id: 1, token: '********', user: { emailAddress: EMAIL } });
    const whole = await object((ui) => show({ instance: '1', token: true }, world.ctx, ui));
    expect(whole).toEqual({ ...masked, token: made.token });
    const out = terminal();
    await show({ instance: '1' }, world.ctx, out.ui);
    expect(out.stdout).toContain('name: inbox\n');
    expect(out.stdout).toContain('event.notification.signature.key: ********\n');
    expect(out.stdout).not.toContain(made.token);
    expect(await refused(show({ instance: 'nobody' }, world.ctx, out.ui))).toMatchObject({ code: 'usage' });
  });

  it('update takes flags, a body, or flags over a body', async () => {
    const byFlags = await object((ui) =>
      update({ instance: 'inbox', interval: '7', callbackUrl: '', events: false, config: ['bulk.x=1'] }, world.ctx, ui),
    );
    expect(byFlags).toMatchObject({ eventsEnabled: false, eventsNotificationCallbackUrl: null, name: 'inbox' });
    expect(byFlags.configuration).toMatchObject({ 'event.poller.refresh_interval': '7', 'bulk.x': '1' });
    const path = join(world.ctx.home, 'patch.json');
    writeFileSync(path, JSON.stringify({ name: 'body', tags: ['body'], configuration: { 'bulk.x': null } }));
    const byBody = await object((ui) =>
      update({ instance: '1', body: path, name: 'flag', events: true }, world.ctx, ui),
    );
    expect(byBody).toMatchObject({ name: 'flag', tags: ['body'], eventsEnabled: true });
    expect(byBody.configuration['bulk.x']).toBeUndefined();
    const cleared = await object((ui) =>
      update({ instance: '1', config: ['event.notification.signature.key='] }, world.ctx, ui),
    );
    expect(cleared.configuration['event.notification.signature.key']).toBeUndefined();
    const account = await object((ui) => update({ instance: '1', account: EMAIL }, world.ctx, ui));
    expect(account.name).toBe('flag');
  });

  it('update refuses what create-instance refuses, and changes nothing', async () => {
    const { ui } = terminal();
    expect(await refused(update({ instance: '1' }, world.ctx, ui))).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('nothing to change'),
    });
    const flags = await refused(
      update({ instance: '1', interval: '0', resource: ['contacts'], name: '' }, world.ctx, ui),
    );
    expect(flags.faults.map(({ path }) => path).sort()).toEqual(['--interval', '--name', '--resource["contacts"].url']);
    const cut = { instance: '1', body: '-', stdin: stdin('{"name": ') };
    expect((await refused(update(cut, world.ctx, ui))).message).toContain('the body is not JSON');
    const inline = { instance: '1', config: ['event.notification.signature.key=S3CRET'] };
    expect((await refused(update(inline, world.ctx, ui))).message).not.toContain('S3CRET');
    expect(await world.ctx.store.instanceFiles.read(1)).toEqual(made);
  });

  it('update proves a new secret of --client-secret-file at Google', async () => {
    const path = join(world.ctx.home, 'client.json');
    const file = world.sandbox.clientSecretFile();
    writeFileSync(path, file.replace(world.sandbox.client.clientSecret, 'S3CRET-wrong'));
    const out = terminal({ json: true });
    const options = { instance: '1', clientSecretFile: path };
    const error = await refused(update(options, world.ctx, out.ui));
    expect(error.message).toContain('invalid_client');
    expect(`${error.message}${error.hint}`).not.toContain('S3CRET');
    writeFileSync(path, file);
    expect(await update(options, world.ctx, out.ui)).toBe('ok');
  });

  it('update warns and prints what is now', async () => {
    const out = terminal();
    await update({ instance: '1', interval: '2000' }, world.ctx, out.ui);
    expect(out.stdout).toContain('event.poller.refresh_interval: 2000');
    expect(out.stderr).toContain('over a day');
    expect(out.stdout).not.toContain('S3CRET');
  });

  it('disable and enable print the object', async () => {
    expect(await object((ui) => disable({ instance: '1' }, world.ctx, ui))).toMatchObject({ id: 1, disabled: true });
    expect(await object((ui) => enable({ instance: 'inbox' }, world.ctx, ui))).toMatchObject({
      id: 1,
      disabled: false,
    });
    const out = terminal();
    await disable({ instance: '1' }, world.ctx, out.ui);
    await enable({ instance: '1' }, world.ctx, out.ui);
    expect(out.stdout).toBe('Instance 1 "inbox" is disabled.\nInstance 1 "inbox" is enabled.\n');
  });

  it('delete asks on a terminal alone, and says what it dropped', async () => {
    const exit = Object.assign(new Error(), { name: 'ExitPromptError' });
    const answered = (answer: unknown) =>
      deleteInstance({ instance: '1' }, world.ctx, terminal({ tty: true }).ui, person({ Delete: answer }).prompts);
    expect(await refused(answered(false))).toMatchObject({ code: 'failed', message: 'cancelled: nothing was deleted' });
    await expect(answered(exit)).rejects.toBe(exit);
    expect(await world.ctx.store.instanceFiles.keys()).toEqual([1]);
    const out = terminal({ tty: true });
    const someone = person({ Delete: true });
    expect(await deleteInstance({ instance: 'inbox' }, world.ctx, out.ui, someone.prompts)).toBe('ok');
    expect(someone.asked).toEqual(['Delete instance 1 "inbox" and what it has pending?']);
    expect(out.stdout).toContain('0 pending notifications');
    const second = await world.create();
    const json = terminal({ json: true });
    await deleteInstance({ instance: String(second.id) }, world.ctx, json.ui);
    expect(json.json()).toEqual([{ id: second.id, droppedPending: 0 }]);
    const third = await world.create();
    const nobody = person({});
    const sure = { instance: String(third.id), yes: true };
    expect(await deleteInstance(sure, world.ctx, terminal({ tty: true }).ui, nobody.prompts)).toBe('ok');
    expect(nobody.asked).toEqual([]);
  });
});
