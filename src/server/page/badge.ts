import { type Html, html } from './html.js';

/** A state in a word; its colour only says it once more. */
export function badge(meaning: 'good' | 'wait' | 'bad' | 'off', word: string): Html {
  return html`<span class="badge ${meaning}">${word}</span>`;
}

const STATES = {
  pending: 'wait',
  delivered: 'good',
  dead: 'bad',
  stored: 'off',
} as const;

/** Of a notification. */
export function stateBadge(state: keyof typeof STATES): Html {
  return badge(STATES[state], state);
}
