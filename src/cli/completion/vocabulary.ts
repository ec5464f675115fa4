import { SETTING_KEYS } from '../../core/settings/setting.js';
import type { Candidate, Vocabulary } from './candidates.js';
import { SHELLS } from './shells.js';

const WORDS: Record<string, readonly string[]> = {
  shell: SHELLS,
  key: SETTING_KEYS,
  state: ['pending', 'delivered', 'dead', 'stored'],
  kind: ['cron', 'systemd', 'launchd'],
  scope: ['readonly', 'metadata'],
  format: ['cloud-elements', 'cloudevents'],
  type: ['CREATED', 'UPDATED', 'DELETED', 'GAP', 'AUTH_FAILED', 'AUTH_RESTORED', 'AUTH_EXPIRING', 'DEAD_LETTER', 'all'],
};
const FILES = ['file', 'dir'];

/** `commands`: the words of the command `help`. Names are read from the store's files when they are asked for. */
export function vocabularyOf(
  env: Readonly<Record<string, string | undefined>>,
  home: string | undefined,
  commands: Candidate[],
): Vocabulary {
  return {
    async of(name) {
      if (FILES.includes(name)) return null;
      if (name === 'command') return commands;
      if (name !== 'instance' && name !== 'account' && name !== 'email') {
        return (WORDS[name] ?? []).map((value) => ({ value, about: '' }));
      }
      const { knownNames } = await import('../../core/known-names.js');
      const { instances, accounts } = await knownNames({ home, env });
      if (name !== 'instance') return accounts.map((value) => ({ value, about: '' }));
      const names = [...new Set(instances.map((instance) => instance.name))];
      return [
        ...instances.map((instance) => ({ value: String(instance.id), about: instance.name })),
        // Digits would be taken for an id.
        ...names.filter((each) => !/^\d*$/.test(each)).map((value) => ({ value, about: 'instance' })),
      ];
    },
  };
}
