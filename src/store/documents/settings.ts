import { StoreError } from '../errors.js';
import type { SettingsDocument, SettingsStore } from '../ports/documents.js';
import type { Lease, Leases } from '../ports/leases.js';
import type { Database } from '../sqlite/database.js';
import { assertFence } from '../sqlite/leases.js';
import type { StoreClock } from '../sqlite/patience.js';
import { type DocumentFile, documentWriter, pathOf, readDocument } from './file.js';
import type { KeyGuard } from './key-guard.js';
import { Remembered } from './remembered.js';
import type { Sealing } from './sealing.js';
import { defaultSettings, isSettingKey, settingFault } from './setting-rules.js';

const LEASE_WAIT_MS = 15_000;
const LOOK_EVERY_MS = 50;

/** config.json. A key with null in the file counts as absent. */
export function createSettings(
  home: string,
  db: Database,
  leases: Leases,
  clock: StoreClock,
  sealing: Sealing,
  guard: KeyGuard,
): SettingsStore {
  const file: DocumentFile = { folder: home, name: 'config', shown: 'config.json' };
  const remembered = new Remembered<SettingsDocument>();

  async function settingsLease(): Promise<Lease> {
    for (let waited = 0; waited <= LEASE_WAIT_MS; waited += LOOK_EVERY_MS) {
      const lease = await leases.acquire('settings');
      if (lease !== null) return lease;
      await clock.sleep(LOOK_EVERY_MS);
    }
    throw new StoreError('retry_later', 'another gmail-events process is changing config.json', {
      hint: 'Run the command again in a moment.',
    });
  }

  async function changed(change: (document: Record<string, unknown>) => void): Promise<void> {
    const write = await documentWriter();
    const lease = await settingsLease();
    try {
      await db.write('relaxed', (sql) => {
        assertFence(sql, lease);
        guard.check();
        // Read inside the transaction, so that no other change is lost; what we do not know is kept.
        const document = readDocument(file, sealing) ?? {};
        change(document);
        write(file, sealing, document);
      });
    } finally {
      await leases.release(lease);
    }
  }

  function settingsNow(): SettingsDocument {
    const settings: Record<string, unknown> = { ...defaultSettings() };
    for (const [key, value] of Object.entries(readDocument(file, sealing) ?? {})) {
      if (!isSettingKey(key) || value === null) continue;
      refuse(key, value, `config.json has a wrong value for "${key}"`);
      settings[key] = value;
    }
    return settings as unknown as SettingsDocument;
  }

  return {
    async read() {
      return remembered.of(pathOf(file), settingsNow) ?? defaultSettings();
    },

    async given() {
      const keys = Object.keys(readDocument(file, sealing) ?? {});
      return keys.filter(isSettingKey);
    },

    async rewrite() {
      if (readDocument(file, sealing) === null) return false;
      await changed(() => {});
      return true;
    },

    async set(values) {
      const given = Object.entries(values);
      for (const [key, value] of given) {
        if (isSettingKey(key) && value !== null) refuse(key, value, `"${key}" cannot be set so`);
      }
      await changed((document) => {
        for (const [key, value] of given) {
          if (value === null || value === undefined) delete document[key];
          else document[key] = value;
        }
      });
    },
  };
}

function refuse(key: Parameters<typeof settingFault>[0], value: unknown, sentence: string): void {
  const fault = settingFault(key, value);
  if (fault === null) return;
  throw new StoreError('store', `${sentence}: ${fault}`, {
    hint: `Set another value: gmail-events config set ${key} VALUE; or the default: config set ${key} --unset.`,
  });
}
