import { VERSION } from '../../version.js';
import { ICON_PATH, SCRIPT_PATH, STYLE_PATH } from './assets/index.js';
import { formToken } from './form-token.js';
import { plain } from './hostile-text.js';
import { type Html, html } from './html.js';
import type { Flash, Session } from './security/sessions.js';
import type { Page } from './visit.js';
import { sentence } from './words.js';

/** The whole document around a page. `session` null: nobody is logged in. What is to be told is told here, once. */
export function layout({ title, body, current }: Page, session: Session | null): Html {
  const flash = session?.takeFlash() ?? null;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · gmail-events</title>
<link rel="icon" href="${ICON_PATH}" type="image/svg+xml">
<link rel="stylesheet" href="${STYLE_PATH}">
<script src="${SCRIPT_PATH}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<div class="inner">
<a class="brand" href="/"><img src="${ICON_PATH}" alt="" width="24" height="24">gmail-events</a>
${session === null ? null : navigation(current, session)}
</div>
</header>
<main id="main" class="inner" tabindex="-1">
${flash === null ? null : told(flash)}
${body}
</main>
<footer class="inner"><p>gmail-events ${VERSION}. Times are UTC.</p></footer>
<p id="said" class="unseen" role="status"></p>
</body>
</html>
`;
}

function navigation(current: Page['current'], session: Session): Html {
  const link = (name: Page['current'], path: string, text: string) =>
    html`<li><a href="${path}"${current === name && html` aria-current="page"`}>${text}</a></li>`;
  return html`<nav aria-label="Main"><ul>
${link('instances', '/', 'Instances')}
${link('new', '/instances/new', 'New instance')}
</ul></nav>
<form method="post" action="/logout" class="logout">${formToken(session)}<button class="quiet">Log out</button></form>`;
}

/** It takes the focus, so that a screen reader begins with it. */
function told({ kind, text, hint }: Flash): Html {
  const role = kind === 'failed' ? 'alert' : 'status';
  return html`<div class="flash ${kind}" role="${role}" tabindex="-1" autofocus>
<p>${sentence(plain(text))}${hint === undefined ? null : html` <span>${sentence(plain(hint))}</span>`}</p>
</div>`;
}
