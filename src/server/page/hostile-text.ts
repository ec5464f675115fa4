/** Controls, and marks that turn the direction of what follows: they could make a line read as another. */
const HIDDEN = /[\p{Cc}\p{Cs}\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;
const HIDDEN_BUT_BREAKS = /(?![\n\t])[\p{Cc}\p{Cs}\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu;

/** Text of a stranger on one line: what could not be seen is written as it is in JSON. */
export function plain(text: string): string {
  return text.replace(HIDDEN, asEscape);
}

/** The same for text of several lines. */
export function plainLines(text: string): string {
  return text.replace(HIDDEN_BUT_BREAKS, asEscape);
}

/** At most so many characters; what is left out is told by an ellipsis. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

function asEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
