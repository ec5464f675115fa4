import { isRecord } from '../../../core/value-form.js';
import { plain, shortened } from '../hostile-text.js';
import { type Html, html } from '../html.js';
import { when } from '../time.js';

interface Row {
  type: string;
  objectId: string;
  date: number | null;
  /** Of the mail, where the body has it: a stranger's text. */
  subject: string | null;
  from: string | null;
}

/** The events of a body, of either format. Nothing when it is of no known form. */
export function eventsTable(body: unknown, now: number): Html | null {
  const rows = rowsOf(body);
  if (rows.length === 0)
    return body === undefined ? html`<p class="card blank">The body is too long to be read here.</p>` : null;
  return html`<div class="card flush"><table class="stack" role="table">
<caption class="unseen">Events of the notification</caption>
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Object</th><th role="columnheader" scope="col">Event</th><th role="columnheader" scope="col">Date</th><th role="columnheader" scope="col">From</th><th role="columnheader" scope="col">Subject</th></tr></thead>
<tbody role="rowgroup">${rows.map(
    ({ type, objectId, date, subject, from }) => html`<tr role="row">
<th role="rowheader" scope="row"><span class="id breaks">${plain(objectId)}</span></th>
<td role="cell" data-label="Event">${plain(type)}</td>
<td role="cell" data-label="Date">${when(date, now)}</td>
<td role="cell" data-label="From" class="breaks">${strange(from)}</td>
<td role="cell" data-label="Subject" class="breaks">${strange(subject)}</td></tr>`,
  )}</tbody></table></div>`;
}

/** A subject in another script keeps its own direction, and the line around it keeps its. */
function strange(text: string | null): Html {
  return text === null ? html`<span class="none">–</span>` : html`<bdi>${shortened(plain(text), 200)}</bdi>`;
}

function rowsOf(body: unknown): Row[] {
  if (Array.isArray(body)) return body.filter(isRecord).map(cloudEvent);
  const message = isRecord(body) ? body['message'] : undefined;
  if (!isRecord(message) || !Array.isArray(message['events'])) return [];
  const raw = isRecord(message['raw']) ? message['raw'] : {};
  return message['events'].filter(isRecord).map((event, at) => {
    const records = raw[String(event['objectType'])];
    const record = Array.isArray(records) ? records[at] : undefined;
    return {
      type: String(event['eventType']),
      objectId: String(event['objectId']),
      date: timeOf(event['date']),
      ...headersOf(record),
    };
  });
}

function cloudEvent(event: Record<string, unknown>): Row {
  return {
    type: String(event['type']),
    objectId: String(event['subject']),
    date: timeOf(event['time']),
    ...headersOf(event['data']),
  };
}

function headersOf(record: unknown): Pick<Row, 'subject' | 'from'> {
  const payload = isRecord(record) ? record['payload'] : undefined;
  const headers = isRecord(payload) && Array.isArray(payload['headers']) ? payload['headers'].filter(isRecord) : [];
  const value = (name: string) => {
    const found = headers.find((header) => String(header['name']).toLowerCase() === name)?.['value'];
    return typeof found === 'string' ? found : null;
  };
  return { subject: value('subject'), from: value('from') };
}

function timeOf(value: unknown): number | null {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
