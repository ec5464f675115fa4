import { INTERVALS, MAIL, mailboxesADay, mailboxesAMinute, unitsADay } from './limits.js';

/** The tables of docs/quotas.md. */
export function simulatedTable(results, messages) {
  const rows = results.map(({ minutes, format, polls, units, median, most, worst }) => [
    minutesText(minutes),
    `\`${format}\``,
    number(polls),
    number(units),
    number(unitsADay(minutes, format === 'ids' ? 0 : messages)),
    duration(median),
    duration(most),
    duration(worst),
    number(mailboxesADay(units)),
  ]);
  const head = ['interval', 'format', 'polls', 'units', 'computed', 'late: half of them', '95 in 100', 'the worst'];
  return table([...head, 'such mailboxes in a project'], rows);
}

export function capacityTable() {
  const rows = INTERVALS.map((minutes) => [
    minutesText(minutes),
    number(unitsADay(minutes, 0)),
    number(mailboxesADay(unitsADay(minutes, 0))),
    ...MAIL.map((messages) => number(mailboxesADay(unitsADay(minutes, messages)))),
    number(mailboxesAMinute(minutes)),
  ]);
  const fetched = MAIL.map((messages) => `${messages} messages a day fetched`);
  return table(['interval', 'idle units a day', '`ids`, or no mail', ...fetched, 'by the minute, idle'], rows);
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map((_, at) => (at < 1 ? '---' : '---:')).join('|')}|`, ...rows.map(line)].join('\n');
}

const number = (value) => value.toLocaleString('en-US');
const minutesText = (minutes) => `${minutes} min`;

function duration(seconds) {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
