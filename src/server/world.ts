import type { Context } from '../core/context.js';
import type { Access } from './api/access.js';

/** What every route receives. */
export interface ServerWorld {
  ctx: Context;
  /** Callbacks of instances made or changed here may be private or loopback addresses. */
  allowPrivate: boolean;
  /** Who may call what. */
  access: Access;
  packages: typeof import('./packages.js');
}
