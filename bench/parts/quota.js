import { Agent, request } from 'undici';
import { dayOfMail } from '../day/mail.js';
import { startDay } from '../day/world.js';

const FORMATS = ['ids', 'metadata', 'full', 'raw'];
const MINUTES = 5;
const MESSAGES = 100;
const DAY_MINUTES = 1440;

/** Units of one day of mail, counted by the double of Google: everybody polls the same mailbox at the same times. */
export async function quota() {
  const day = await startDay();
  const agent = new Agent();
  try {
    const gmail = await gmailOf(day.sandbox, agent);
    const callers = { n8n: n8n(gmail, day), activepieces: activepieces(gmail) };
    const instances = {};
    for (const format of FORMATS) instances[format] = await day.instance(format, MINUTES);
    const spent = Object.fromEntries(
      [...FORMATS, ...Object.keys(callers)].map((name) => [name, { units: 0, events: 0 }]),
    );
    const count = (name, { units, events }) => {
      spent[name].units += units;
      spent[name].events += events;
    };
    const mail = dayOfMail(MESSAGES, 1);
    for (let minute = MINUTES; minute <= DAY_MINUTES; minute += MINUTES) {
      while (mail.length > 0 && mail[0] <= minute * 60_000) {
        day.setTime(mail.shift());
        day.receive();
      }
      day.setTime(minute * 60_000);
      for (const format of FORMATS) count(format, await day.poll(instances[format], false));
      for (const [name, call] of Object.entries(callers)) {
        day.sandbox.resetRequests();
        const events = await call();
        count(name, { units: day.sandbox.spent().units, events });
      }
    }
    return rowsOf(spent);
  } finally {
    await agent.close();
    await day.close();
  }
}

function rowsOf(spent) {
  for (const [name, { events }] of Object.entries(spent)) {
    if (events !== MESSAGES) throw new Error(`${name} had ${events} events of ${MESSAGES}`);
  }
  const perThousand = (name) => (spent[name].units / MESSAGES) * 1000;
  return FORMATS.flatMap((format) =>
    ['n8n', 'activepieces'].map((other) => ({
      part: 'quota',
      name: `units per 1,000 events, format=${format}`,
      unit: 'units',
      value: perThousand(format),
      against: `as ${other} polls`,
      other: perThousand(other),
      goal: { ratioMost: 1 },
    })),
  );
}

/** GET for the mailbox's JSON, with a token for each call: that costs no units, and tokens end within the day. */
async function gmailOf({ url, env, client, grantRefreshToken }, dispatcher) {
  const form = { grant_type: 'refresh_token', refresh_token: grantRefreshToken() };
  const body = new URLSearchParams({
    ...form,
    client_id: client.clientId,
    client_secret: client.clientSecret,
  }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return async (path) => {
    const token = await request(env.GMAIL_EVENTS_TOKEN_URL, { method: 'POST', headers, body, dispatcher });
    const { access_token } = await token.body.json();
    const authorization = `Bearer ${access_token}`;
    const answer = await request(`${url}/gmail/v1/users/me/${path}`, { headers: { authorization }, dispatcher });
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${await answer.body.text()}`);
    return answer.body.json();
  };
}

/** Its Gmail trigger: what came after the newest message seen, less what the last poll had; each message by its id. */
function n8n(gmail, day) {
  let since = Math.floor((day.now() + Date.UTC(2026, 0, 5)) / 1000);
  let seen = new Set();
  return async () => {
    const { messages = [] } = await gmail(
      `messages?q=${encodeURIComponent(`after:${since} -in:scheduled`)}&maxResults=50`,
    );
    const fresh = messages.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) {
      const { internalDate } = await gmail(`messages/${id}?format=metadata`);
      since = Math.max(since, Math.floor(Number(internalDate) / 1000));
    }
    if (messages.length > 0) seen = new Set(messages.map(({ id }) => id));
    return fresh.length;
  };
}

/** Its "new email": the newest 20 of the list; of each new one the raw message and its whole thread. */
function activepieces(gmail) {
  const seen = new Set();
  return async () => {
    const { messages = [] } = await gmail('messages?maxResults=20');
    const fresh = messages.filter(({ id }) => !seen.has(id));
    for (const { id, threadId } of fresh) {
      seen.add(id);
      await gmail(`messages/${id}?format=raw`);
      await gmail(`threads/${threadId}`);
    }
    return fresh.length;
  };
}
