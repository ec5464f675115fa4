import { readInstances } from '../../../core/instances/index.js';
import { readStatus } from '../../../core/status.js';
import { type Html, html } from '../html.js';
import type { Pages } from '../pages.js';
import type { Page, Visit } from '../visit.js';
import { counted, grouped } from '../words.js';
import { healthOf } from './health.js';
import { mailboxes } from './mailboxes.js';
import { instanceTable, type Listed } from './table.js';

const ROWS = 50;

export function registerList(pages: Pages): void {
  pages.view('/', showList);
  pages.view('/instances', async () => '/');
}

async function showList({ ctx, now, query }: Visit): Promise<Page> {
  const [{ instances, accounts }, { documents }] = await Promise.all([readStatus(ctx), readInstances(ctx)]);
  const documentOf = new Map(documents.map((document) => [document.id, document]));
  const all = instances.map((status): Listed => {
    const document = documentOf.get(status.id);
    return { status, document, health: healthOf(status, document) };
  });
  return {
    title: 'Instances',
    current: 'instances',
    body: html`<div class="headline">
<div><h1>Instances</h1>${all.length > 0 && html`<p class="sub">${summary(all)}</p>`}</div>
${all.length > 0 && html`<a class="button main" href="/instances/new">New instance</a>`}
</div>
${all.length === 0 ? empty() : listed(all, query, now)}
${accounts.length > 0 && mailboxes(accounts, now)}`,
  };
}

/** What was searched for, a page of it. */
function listed(all: readonly Listed[], query: URLSearchParams, now: number): Html {
  const words = query.get('q')?.trim() ?? '';
  const needing = query.get('show') === 'needing';
  const found = all.filter((each) => matches(each, words) && (!needing || needsYou(each)));
  const pages = Math.max(1, Math.ceil(found.length / ROWS));
  const asked = /^\d{1,6}$/.test(query.get('page') ?? '') ? Number(query.get('page')) : 1;
  const page = Math.min(Math.max(asked, 1), pages);
  const few = all.length <= 5 && words === '' && !needing;
  const rows = found.slice((page - 1) * ROWS, page * ROWS);
  return html`${few ? null : search(words, needing)}
${rows.length === 0 ? html`<p class="card blank" role="status">None of ${counted(all.length, 'instance')} is so.</p>` : instanceTable(rows, now)}
${pages > 1 && pager(words, needing, page, pages, found.length)}`;
}

function matches({ status, document }: Listed, words: string): boolean {
  const texts = [status.name, status.account, String(status.id), ...(document?.tags ?? [])];
  return texts.some((text) => text.toLowerCase().includes(words.toLowerCase()));
}

function needsYou({ health }: Listed): boolean {
  return health.meaning === 'bad';
}

function search(words: string, needing: boolean): Html {
  return html`<form method="get" action="/" role="search" class="search">
<label for="q" class="unseen">Name, mailbox, tag or id</label>
<input id="q" name="q" type="text" value="${words}" placeholder="Name, mailbox, tag or id" autocomplete="off" spellcheck="false">
<span class="choice"><input type="checkbox" id="show" name="show" value="needing"${needing && html` checked`}><label for="show">Only those that need you</label></span>
<button>Show</button>
</form>`;
}

function pager(words: string, needing: boolean, page: number, pages: number, found: number): Html {
  const path = (to: number) => {
    const query = { ...(words === '' ? {} : { q: words }), ...(needing ? { show: 'needing' } : {}) };
    return `/?${new URLSearchParams({ ...query, page: String(to) })}`;
  };
  return html`<nav class="pager" aria-label="Pages">
<span class="sub">Page ${page} of ${pages}, ${grouped(found)} in all</span>
${page > 1 && html`<a class="button quiet" href="${path(page - 1)}">Before</a>`}
${page < pages && html`<a class="button quiet" href="${path(page + 1)}">Next</a>`}
</nav>`;
}

function summary(all: readonly Listed[]): string {
  const needing = all.filter(needsYou).length;
  const count = counted(all.length, 'instance');
  return needing === 0
    ? `${count}, none needs you`
    : `${count}, ${needing === 1 ? '1 needs' : `${grouped(needing)} need`} you`;
}

function empty(): Html {
  return html`<div class="card blank">
<h2>No instance yet</h2>
<p>An instance polls one Gmail mailbox and POSTs what changes to your callback URL.</p>
<p><a class="button main" href="/instances/new">Create the first instance</a></p>
</div>`;
}
