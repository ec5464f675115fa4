/**
 * The store, as the core sees it. Nothing here speaks of SQLite: a second implementation (PostgreSQL, for fleets that
 * outgrow one machine) has to give the same promises. All times are milliseconds since the epoch.
 */
import type { AccountRows, QuotaRows } from './ports/accounts.js';
import type { AccountDocument, Documents, InstanceDocument, SettingsStore } from './ports/documents.js';
import type { InstanceRows } from './ports/instances.js';
import type { Leases } from './ports/leases.js';
import type { Outbox } from './ports/outbox.js';
import type { ResourceRows } from './ports/resources.js';
import type { ServerKeyRows } from './ports/server-keys.js';

export interface Store {
  settings: SettingsStore;
  /** accounts/<key>.json, written under the lease `account:<key>`. */
  accountFiles: Documents<string, AccountDocument>;
  /** instances/<id>.json, written while both `poll:<id>` and `deliver:<id>` are held, and fenced by both. */
  instanceFiles: Documents<number, InstanceDocument>;
  leases: Leases;
  instances: InstanceRows;
  resources: ResourceRows;
  outbox: Outbox;
  accounts: AccountRows;
  quota: QuotaRows;
  serverKeys: ServerKeyRows;
  keyChange: KeyChange;
  close(): Promise<void>;
}

/** Taking the files of the home folder from one encryption key to another; of a store that was opened for it. */
export interface KeyChange {
  /** From now on, also after a crash, every other process refuses to open the store and to write its files. */
  begin(): Promise<void>;
  end(): Promise<void>;
}
