import type { Store } from '../store/port.js';
import type { Clock, Log, Random } from './ports.js';
import type { Step } from './progress.js';

/** Google's addresses, from GMAIL_EVENTS_*_URL or Google's own. */
export interface GoogleAddresses {
  gmail: string;
  auth: string;
  token: string;
  revoke: string;
}

/** What every function of the core receives. */
export interface Context {
  home: string;
  /** The process's environment, read once at the entry. */
  env: Readonly<Record<string, string | undefined>>;
  google: GoogleAddresses;
  store: Store;
  clock: Clock;
  random: Random;
  log: Log;
  /** Hears of each step of work that may take long. */
  progress?: ((step: Step) => void) | undefined;
}
