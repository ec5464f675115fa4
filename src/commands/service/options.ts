import { homedir } from 'node:os';
import { homeFolder } from '../../core/open.js';
import { environmentFile, type ServiceProgram } from './program.js';

export interface ServiceOptions {
  home?: string;
  kind?: string;
  /** A run a minute in the place of `watch`. */
  timer?: boolean;
  environmentFile?: string;
  dryRun?: boolean;
  /** What runs now, as it was called. */
  node: string;
  binary: string;
  env: Readonly<Record<string, string | undefined>>;
}

export interface Places {
  userHome: string;
  configHome: string | undefined;
  timer: boolean;
}

export function programOf(options: ServiceOptions): ServiceProgram {
  const { home, env, node, binary } = options;
  return {
    node,
    binary,
    home: homeFolder({ home, env }),
    nameHome: home !== undefined || !!env['GMAIL_EVENTS_HOME'],
    environmentFile: environmentFile(options.environmentFile),
  };
}

export function placesOf({ env, timer = false }: ServiceOptions): Places {
  return { userHome: env['HOME'] || homedir(), configHome: env['XDG_CONFIG_HOME'], timer };
}
