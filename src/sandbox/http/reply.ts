export interface Answer {
  kind: 'answer';
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** `hang`: the connection stays open without an answer. `reset`: TCP RST. */
export type Reply = Answer | { kind: 'hang' } | { kind: 'reset' };

/** Google indents by two blanks unless prettyPrint=false. */
export function jsonAnswer(
  status: number,
  value: unknown,
  options: { headers?: Record<string, string>; pretty?: boolean } = {},
): Answer {
  const text = options.pretty === false ? JSON.stringify(value) : `${JSON.stringify(value, null, 2)}\n`;
  return {
    kind: 'answer',
    status,
    headers: { 'Content-Type': 'application/json; charset=UTF-8', ...options.headers },
    body: Buffer.from(text),
  };
}

export function htmlAnswer(status: number, html: string): Answer {
  return {
    kind: 'answer',
    status,
    headers: { 'Content-Type': 'text/html; charset=UTF-8', 'Cache-Control': 'no-store' },
    body: Buffer.from(html),
  };
}

export function redirectAnswer(location: string): Answer {
  return { kind: 'answer', status: 302, headers: { Location: location }, body: Buffer.alloc(0) };
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** What Google's front end says about a path or a moment it has no service for. */
export function googleErrorPage(status: number, sentence: string): Answer {
  const title = status === 404 ? 'Error 404 (Not Found)!!1' : `Error ${status} (Server Error)!!1`;
  return htmlAnswer(
    status,
    `<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>${title}</title>\n  <p><b>${status}.</b> <ins>That’s an error.</ins>\n  <p>${escapeHtml(sentence)}  <ins>That’s all we know.</ins>\n`,
  );
}
