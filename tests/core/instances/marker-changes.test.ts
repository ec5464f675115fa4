import { describe, expect, it } from '@jest/globals';
import { markerChanges } from '../../../src/core/instances/marker-changes.js';
import { checkResources } from '../../../src/core/resources/url.js';
import type { Resource } from '../../../src/core/types.js';
import type { ResourceRow } from '../../../src/store/ports/resources.js';

function resources(urls: Record<string, string>): Resource[] {
  const value = Object.fromEntries(Object.entries(urls).map(([name, url]) => [name, { url, idField: 'id' }]));
  return Object.keys(value).length === 0 ? [] : checkResources(value, 'c').resources;
}

function row(name: string, kind: ResourceRow['kind'], fingerprint: string | null = null): ResourceRow {
  return {
    instanceId: 1,
    name,
    kind,
    cursor: kind === 'history' ? '1' : null,
    cursorAt: null,
    head: null,
    headAt: null,
    firstBaselineAt: null,
    lastEndAt: null,
    gap: null,
    stuck: null,
    fingerprint,
    hasSnapshot: fingerprint !== null,
  };
}

const LABELS = resources({ l: 'labels' })[0] as Resource & { fingerprint: string };
type State = [on: boolean, urls: Record<string, string>];

describe('markers after an update', () => {
  it.each<[string, State, State, ResourceRow[], { added?: string[]; restarted?: string[]; removed?: string[] }]>([
    [
      'nothing changed',
      [true, { m: 'changed-messages' }],
      [true, { m: 'changed-messages' }],
      [row('m', 'history')],
      {},
    ],
    [
      'history keeps its cursor under another url',
      [true, { m: 'changed-messages' }],
      [true, { m: 'changed-messages?labelIds=INBOX' }],
      [row('m', 'history')],
      {},
    ],
    [
      'a new entry',
      [true, { m: 'changed-messages' }],
      [true, { m: 'changed-messages', l: 'labels' }],
      [row('m', 'history')],
      { added: ['l'] },
    ],
    [
      'a renamed entry',
      [true, { m: 'changed-messages' }],
      [true, { n: 'changed-messages' }],
      [row('m', 'history')],
      { added: ['n'], removed: ['m'] },
    ],
    [
      'a removed entry',
      [true, { m: 'changed-messages', l: 'labels' }],
      [true, { m: 'changed-messages' }],
      [row('m', 'history'), row('l', 'collection')],
      { removed: ['l'] },
    ],
    [
      'a collection with another query',
      [true, { l: 'messages?q=a' }],
      [true, { l: 'messages?q=b' }],
      [row('l', 'collection')],
      { restarted: ['l'] },
    ],
    [
      'a collection with another page size',
      [true, { l: 'messages?q=a&maxResults=5' }],
      [true, { l: 'messages?q=a' }],
      [row('l', 'collection')],
      {},
    ],
    [
      'another kind',
      [true, { m: 'labels' }],
      [true, { m: 'changed-messages' }],
      [row('m', 'collection')],
      { restarted: ['m'] },
    ],
    [
      'turned on for the first time',
      [false, { m: 'changed-messages' }],
      [true, { m: 'changed-messages' }],
      [],
      { added: ['m'] },
    ],
    [
      'turned on again',
      [false, { m: 'changed-messages' }],
      [true, { m: 'changed-messages' }],
      [row('m', 'history')],
      {},
    ],
    ['turned off', [true, { m: 'changed-messages' }], [false, { m: 'changed-messages' }], [row('m', 'history')], {}],
    [
      'changed while off: nothing is begun',
      [false, { l: 'labels' }],
      [false, { l: 'threads', n: 'labels' }],
      [row('l', 'collection', LABELS.fingerprint)],
      { removed: ['l'] },
    ],
    ['a lost marker is left to the poll', [true, { m: 'changed-messages' }], [true, { m: 'changed-messages' }], [], {}],
    [
      'a marker left by an update that was cut off',
      [true, { m: 'changed-messages' }],
      [true, { m: 'changed-messages', n: 'changed-messages' }],
      [row('m', 'history'), row('n', 'history')],
      { restarted: ['n'] },
    ],
    [
      'a snapshot of another query',
      [true, { l: 'threads' }],
      [true, { l: 'threads' }],
      [row('l', 'collection', LABELS.fingerprint)],
      { restarted: ['l'] },
    ],
  ])('%s', (_name, before, after, rows, expected) => {
    const changes = markerChanges(
      { eventsEnabled: before[0], resources: resources(before[1]) },
      { eventsEnabled: after[0], resources: resources(after[1]) },
      rows,
    );
    expect({
      added: changes.added.map(({ name }) => name),
      restarted: changes.restarted.map(({ name }) => name),
      removed: changes.removed,
    }).toEqual({ added: [], restarted: [], removed: [], ...expected });
  });

  it('what nobody can read any more keeps the cursors it has', () => {
    const after = { eventsEnabled: true, resources: resources({ m: 'changed-messages', l: 'labels' }) };
    const rows = [row('m', 'history'), row('l', 'history'), row('gone', 'history')];
    const changes = markerChanges({ eventsEnabled: true, resources: null }, after, rows);
    expect(changes).toEqual({ added: [], restarted: [after.resources[1]], removed: ['gone'] });
  });
});
