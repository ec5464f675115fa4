import { html } from './html.js';
import type { Page } from './visit.js';

export function errorPage(status: number, title: string, text: string): Page {
  return {
    status,
    title,
    body: html`<div class="narrow notice">
<h1>${title}</h1>
<p>${text}</p>
<p><a class="button" href="/">To the instances</a></p>
</div>`,
  };
}
