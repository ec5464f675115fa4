import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
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
import { join } from 'node:path';
import Libsql from 'libsql';
import { openStore } from '../../src/store/open.js';
import type { Store } from '../../src/store/port.js';
import type { StoreClock } from '../../src/store/sqlite/patience.js';

const SIDE_FILES = ['events.db', 'events.db-wal', 'events.db-shm'];
/** SQLite's file formats (wal.c): the log's header and each frame's, the size of a page, and fields of the shared memory file. */
const LOG = { header: 32, frame: 24 + 4096 };
const SHARED = { frames: 16, salt: 32, backfilled: 96, length: 100 };

/** In memory where there is room for it: what a disk would cost is not what is looked for. */
function workFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return mkdtempSync('/dev/shm/gmail-events-simulation-');
  } catch {
    return mkdtempSync(join(tmpdir(), 'gmail-events-simulation-'));
  }
}

/** Homes of one process of the simulation; a new one is a copy, so that the schema is made once. */
export class Homes {
  readonly #folder = workFolder();
  #made = 0;

  private constructor() {}

  static async make(): Promise<Homes> {
    const homes = new Homes();
    const home = homes.#template;
    const clock = { now: () => 0, sleep: async () => {} };
    await (await openStore({ home, clock })).close();
    const database = new Libsql(join(home, 'events.db'));
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    return homes;
  }

  /** `files` by their path in the home, as JSON. */
  async home(clock: StoreClock, files: Record<string, object>): Promise<Home> {
    const path = this.#fresh();
    for (const folder of ['', 'accounts', 'instances']) mkdirSync(join(path, folder), { mode: 0o700 });
    copyFileSync(join(this.#template, 'events.db'), join(path, 'events.db'));
    chmodSync(join(path, 'events.db'), 0o600);
    for (const [name, value] of Object.entries(files)) {
      writeFileSync(join(path, name), JSON.stringify(value), { mode: 0o600 });
    }
    return Home.open(path, clock, () => this.#fresh());
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #template(): string {
    return join(this.#folder, 'template');
  }

  #fresh(): string {
    this.#made += 1;
    return join(this.#folder, String(this.#made));
  }
}

/** The real store of one run, and what can befall it. */
export class Home {
  #durable: Log | null = null;

  private constructor(
    public path: string,
    public store: Store,
    private readonly clock: StoreClock,
    private readonly fresh: () => string,
  ) {}

  static async open(path: string, clock: StoreClock, fresh: () => string): Promise<Home> {
    return new Home(path, await openStore({ home: path, clock }), clock, fresh);
  }

  async reopen(): Promise<void> {
    await this.store.close();
    this.store = await openStore({ home: this.path, clock: this.clock });
  }

  /** events.db is gone, and all that it held. */
  async lose(): Promise<void> {
    await this.store.close();
    for (const name of SIDE_FILES) rmSync(join(this.path, name), { force: true });
    this.store = await openStore({ home: this.path, clock: this.clock });
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
    const left = this.fresh();
    cpSync(this.path, left, { recursive: true, filter: (name) => !name.endsWith('-shm') });
    truncateSync(join(left, 'events.db-wal'), LOG.header + durable.frames * LOG.frame);
    const old = this.path;
    await this.store.close();
    this.path = left;
    this.store = await openStore({ home: left, clock: this.clock });
    rmSync(old, { recursive: true, force: true });
    return true;
  }

  async remove(): Promise<void> {
    await this.store.close();
    rmSync(this.path, { recursive: true, force: true });
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
