import { agent, get, historyPath } from './gmail.js';
import { pollAll } from './polls.js';

await pollAll((poll) => get(poll, historyPath(poll.startHistoryId)));
await agent.close();
