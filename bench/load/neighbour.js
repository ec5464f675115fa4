import { setTimeout as delay } from 'node:timers/promises';
import { openStore } from '../../dist/store/open.js';

/** Another process at the same store: how long does it ever wait to write? */
const clock = { now: () => Date.now(), sleep: (ms) => delay(ms) };
const store = await openStore({ home: process.argv[2], clock });
let [worst, ended] = [0, false];
process.on('message', () => {
  ended = true;
});
process.on('disconnect', () => process.exit());
process.send('begun');
while (!ended) {
  const begun = performance.now();
  await store.leases.release(await store.leases.acquire('settings'));
  worst = Math.max(worst, performance.now() - begun);
  await delay(5);
}
await store.close();
process.send(worst, () => process.exit());
