import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { ICON } from './icon.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style/index.js';

/** Their names change with what they hold, so a browser may keep them for good. */
export const STYLE_PATH = path('page', 'css', STYLE);
export const SCRIPT_PATH = path('page', 'js', SCRIPT);
export const ICON_PATH = path('icon', 'svg', ICON);

const FILES = [
  { at: STYLE_PATH, type: 'text/css; charset=utf-8', text: STYLE },
  { at: SCRIPT_PATH, type: 'text/javascript; charset=utf-8', text: SCRIPT },
  { at: ICON_PATH, type: 'image/svg+xml', text: ICON },
];

/** Part of the program itself: nothing is read from disk, nothing comes from elsewhere. */
export function registerAssets(app: FastifyInstance): void {
  for (const { at, type, text } of FILES) {
    app.get(at, async (_request, reply) =>
      reply.header('cache-control', 'public, max-age=31536000, immutable').type(type).send(text),
    );
  }
}

function path(name: string, ending: string, text: string): string {
  return `/assets/${name}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.${ending}`;
}
