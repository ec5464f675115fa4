import { auth, gmail } from '@googleapis/gmail';
import { FIELDS } from './gmail.js';
import { pollAll } from './polls.js';

await pollAll(async ({ token, startHistoryId, gmail: rootUrl }) => {
  const client = new auth.OAuth2();
  client.setCredentials({ access_token: token, expiry_date: Date.now() + 3_600_000 });
  const { users } = gmail({ version: 'v1', auth: client, rootUrl });
  const { data } = await users.history.list({ userId: 'me', startHistoryId, maxResults: 500, fields: FIELDS });
  return data;
});
