import { readFileSync } from 'node:fs';
import { argv } from 'node:process';
import pLimit from 'p-limit';

/** As many polls at once as `gmail-events poll` has. */
const AT_ONCE = 8;

/** argv: a file of `[{token, startHistoryId}]`, how many of them, Gmail's address. One history.list for each by `poll`. */
export async function pollAll(poll) {
  const [file, count, gmail] = argv.slice(2);
  const limit = pLimit(AT_ONCE);
  const polls = JSON.parse(readFileSync(file, 'utf8')).slice(0, Number(count));
  const answers = await Promise.all(polls.map((each) => limit(() => poll({ ...each, gmail }))));
  console.log(answers.filter(({ historyId }) => historyId !== undefined).length);
}
