import { dayOfMail } from '../day/mail.js';
import { startDay } from '../day/world.js';

const DAY_MS = 86_400_000;

/**
 * A day of one mailbox that gets `messages`, watched by an instance for each interval (minutes) and format, at the times
 * that the store has for its polls. Of each: polls, events, units of that day as Google counts them, and how late an event
 * was known (seconds after the message came: `median`, `most` of 95 in 100, `worst`).
 */
export async function simulate({ intervals, formats, messages }) {
  const day = await startDay();
  try {
    const watched = [];
    for (const minutes of intervals) {
      for (const format of formats) {
        const id = await day.instance(format, minutes);
        watched.push({
          id,
          minutes,
          format,
          next: await day.nextPollOf(id),
          waiting: [],
          late: [],
          polls: 0,
          units: 0,
        });
      }
    }
    const mail = dayOfMail(messages, 2026);
    for (;;) {
      const first = watched.reduce((one, other) => (other.next < one.next ? other : one));
      if (first.next >= DAY_MS && watched.every(({ waiting }) => waiting.length === 0)) break;
      if (mail.length > 0 && mail[0] <= first.next) {
        const came = mail.shift();
        day.setTime(came);
        day.receive();
        for (const { waiting } of watched) waiting.push(came);
      } else await pollOf(day, first);
    }
    return watched.map(({ minutes, format, late, polls, units }) => ({
      ...{ minutes, format, polls, units, events: late.length },
      ...lateness(late),
    }));
  } finally {
    await day.close();
  }
}

async function pollOf(day, watched) {
  const time = watched.next;
  day.setTime(time);
  const { events, units } = await day.poll(watched.id, true);
  if (events !== watched.waiting.length) throw new Error(`${events} events of ${watched.waiting.length} messages`);
  watched.late.push(...watched.waiting.splice(0).map((came) => (time - came) / 1000));
  if (time < DAY_MS) {
    watched.polls += 1;
    watched.units += units;
  }
  watched.next = await day.nextPollOf(watched.id);
}

function lateness(late) {
  const sorted = [...late].sort((one, other) => one - other);
  const at = (share) => sorted[Math.ceil(share * sorted.length) - 1];
  return { median: at(0.5), most: at(0.95), worst: at(1) };
}
