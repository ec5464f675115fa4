import { google } from 'googleapis';

const [token, startHistoryId, rootUrl] = process.argv.slice(2);
const auth = new google.auth.OAuth2();
auth.setCredentials({ access_token: token, expiry_date: Date.now() + 3_600_000 });
const gmail = google.gmail({ version: 'v1', auth, rootUrl });
const fields = 'historyId,nextPageToken,history(id,messagesAdded/message(id,threadId,labelIds))';
const { data } = await gmail.users.history.list({ userId: 'me', startHistoryId, maxResults: 500, fields });
console.log(JSON.stringify(data));
