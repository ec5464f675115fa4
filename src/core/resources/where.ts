/** Fields of the old service's `where` and what Gmail calls them. */
const SPELLING = new Map<string, string>([
  ['from', 'q=from:ADDRESS'],
  ['to', 'q=to:ADDRESS'],
  ['cc', 'q=cc:ADDRESS'],
  ['bcc', 'q=bcc:ADDRESS'],
  ['subject', 'q=subject:TEXT'],
  ['label', 'labelIds=LABEL_ID'],
  ['labelids', 'labelIds=LABEL_ID'],
  ['includespamtrash', 'includeSpamTrash=true'],
]);
const CLAUSE = /^\s*([\w.]+)\s*(>=|<=|!=|=|>|<|\s(?:like|in)\s)\s*(.*)$/is;
const NEXT_CONDITION = /['"]\s+(?:and|or)\s+[\w.]+\s*(?:=|[<>]|like\b|in\b)/i;

/**
 * The old service's `where=q='...'` on messages and threads, read as Gmail's `q`. Quotes around the text may be lost, as
 * they are when a body passes a shell. Any other clause is refused with Gmail's spelling of it.
 */
export function readWhere(clause: string): { q: string } | { fault: string } {
  const [, field = '', operator = '', text = ''] = CLAUSE.exec(clause) ?? [];
  if (field !== 'q' || operator !== '=')
    return { fault: `has a where that is not q='...'; in Gmail's own words: ${spelled(field, operator)}` };
  if (NEXT_CONDITION.test(text)) {
    return { fault: "has a where of several conditions; Gmail's q takes them all, e.g. q=from:boss subject:report" };
  }
  return { q: unquoted(text.trim()) };
}

function spelled(field: string, operator: string): string {
  if (/[<>]/.test(operator) || /date/i.test(field)) return 'q=after:${epoch:s} (or before:)';
  return SPELLING.get(field.toLowerCase()) ?? "Gmail's search, e.g. q=from:boss after:${epoch:s}";
}

function unquoted(text: string): string {
  const quote = text[0];
  return text.length > 1 && (quote === "'" || quote === '"') && text.endsWith(quote) ? text.slice(1, -1) : text;
}
