import type { Context } from '../core/context.js';
import type { Access } from './api/access.js';
import type { Metrics, Pulse } from './operations/index.js';

/** What every route receives. */
export interface ServerWorld {
  ctx: Context;
  /** Callbacks of instances made or changed here may be private or loopback addresses. */
  allowPrivate: boolean;
  /** Who may call what. */
  access: Access;
  /** What is counted of this process. */
  metrics: Metrics;
  /** Whether it polls, and whether it is about to end. */
  pulse: Pulse;
  packages: typeof import('./packages.js');
}
