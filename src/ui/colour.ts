import { Chalk, type ChalkInstance } from 'chalk';

export type Paint = Pick<ChalkInstance, 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'>;

/**
 * Colours for one stream: none when it is no terminal, with --no-color, with NO_COLOR (any text: chalk itself does not know
 * it) or on a dumb terminal.
 */
export function paintFor(
  stream: { isTTY?: boolean },
  color: boolean | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const plain = stream.isTTY !== true || color === false || !!env['NO_COLOR'] || env['TERM'] === 'dumb';
  return new Chalk({ level: plain ? 0 : 1 });
}
