import {
  accessSync,
  closeSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Libsql from 'libsql';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/port.js';
import type { StoreClock } from '../../src/store/sqlite/patience.js';

const DATABASE = ['events.db', 'events.db-wal', 'events.db-shm'];
const DOCUMENTS = ['accounts', 'instances', 'config.json'];
/** SQLite's file formats (wal.c): the log's header and each frame's, the size of a page, and fields of the shared memory file. */
const LOG = { header: 32, frame: 24 + 4096 };
const SHARED = { frames: 16, salt: 32, backfilled: 96, length: 100 };

/**
 * The real store of one run after the other, and what can befall it. It is emptied in between, so that the schema is made
 * and the statements are prepared once.
 */
export class Home {
  path: string;
  #store: Store | null = null;
  #clock: StoreClock = { now: () => 0, sleep: async () => {} };
  #durable: Log | null = null;
  #made = 0;
  readonly #folder = workFolder();

  constructor() {
    this.path = this.#fresh();
  }

  get store(): Store {
    if (this.#store === null) throw new Error('the store is not open');
    return this.#store;
  }

  /** An empty store; `files` by their path in the home, as JSON. */
  async begin(clock: StoreClock, files: Record<string, object>): Promise<void> {
    this.#clock = clock;
    this.#durable = null;
    if (this.#store === null) await this.reopen();
    else this.#empty();
    for (const name of DOCUMENTS) rmSync(join(this.path, name), { recursive: true, force: true });
    for (const [name, value] of Object.entries(files)) {
      const file = join(this.path, name);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(file, JSON.stringify(value), { mode: 0o600 });
    }
  }

  async reopen(): Promise<void> {
    await this.#store?.close();
    const clock = { now: () => this.#clock.now(), sleep: (ms: number) => this.#clock.sleep(ms) };
    this.#store = await openStore({ home: this.path, clock });
  }

  /** events.db is gone, and all that it held. */
  async lose(): Promise<void> {
    await this.#store?.close();
    for (const name of DATABASE) rmSync(join(this.path, name), { force: true });
    this.#durable = null;
    await this.reopen();
  }

  /** To be called after each transaction that waits for the disk: the write-ahead log is safe up to here. */
  markDurable(): void {
    this.#durable = this.#log();
  }

  /**
   * What the disk held when the power went: the log only up to the last transaction that waited for it. False, and all is
   * kept, when the log began anew since or was carried over into the database, for which SQLite waits for the disk itself.
   */
  async losePower(): Promise<boolean> {
    const durable = this.#durable;
    const { salt, backfilled } = this.#log();
    if (durable === null || salt !== durable.salt || backfilled > durable.frames) {
      await this.reopen();
      return false;
    }
    const left = this.#fresh();
    cpSync(this.path, left, { recursive: true, filter: (name) => !name.endsWith('-shm') });
    truncateSync(join(left, 'events.db-wal'), LOG.header + durable.frames * LOG.frame);
    rmSync(this.path, { recursive: true, force: true });
    this.path = left;
    await this.reopen();
    return true;
  }

  async remove(): Promise<void> {
    await this.#store?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #empty(): void {
    const database = new Libsql(join(this.path, 'events.db'));
    const tables = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all([]) as {
      name: string;
    }[];
    database.exec(`BEGIN; ${tables.map(({ name }) => `DELETE FROM ${name}`).join('; ')}; COMMIT`);
    // When the log is carried over next must not depend on the runs before.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  }

  #fresh(): string {
    this.#made += 1;
    return join(this.#folder, String(this.#made));
  }

  #log(): Log {
    const shared = Buffer.alloc(SHARED.length);
    const file = openSync(join(this.path, 'events.db-shm'), 'r');
    readSync(file, shared, 0, SHARED.length, 0);
    closeSync(file);
    return {
      salt: shared.toString('hex', SHARED.salt, SHARED.salt + 8),
      frames: shared.readUInt32LE(SHARED.frames),
      backfilled: shared.readUInt32LE(SHARED.backfilled),
    };
  }
}

/** The write-ahead log: which one it is, how many frames it has, and how many of them are in the database already. */
interface Log {
  salt: string;
  frames: number;
  backfilled: number;
}

/** In memory where there is room for it: what a disk would cost is not what is looked for. */
function workFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return mkdtempSync('/dev/shm/gmail-events-simulation-');
  } catch {
    return mkdtempSync(join(tmpdir(), 'gmail-events-simulation-'));
  }
}
