export { eventId } from './ids.js';
export { buildMailboxNotification } from './mailbox.js';
export { buildNotifications } from './notification.js';
