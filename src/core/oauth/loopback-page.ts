/** A small page without any resource of its own. `sentence` is text, not HTML. */
export function page(title: string, sentence: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem}@media (prefers-color-scheme:dark){body{background:#111;color:#eee}}</style></head>
<body><h1>${escaped(title)}</h1><p>${escaped(sentence)}</p></body></html>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
