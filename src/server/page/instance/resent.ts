import type { Resent } from '../../../core/delivery/index.js';
import type { Flash } from '../security/sessions.js';
import { counted } from '../words.js';

/** How a resend went. */
export function resentFlash({ rows, refused }: Resent): Flash {
  const [reason] = refused;
  if (reason !== undefined) return { kind: 'failed', text: `Nothing was sent: the instance ${reason.reason}.` };
  const delivered = rows.filter((row) => row.state === 'delivered').length;
  const failed = rows.filter((row) => row.state !== 'delivered');
  if (failed.length === 0) return { kind: 'done', text: `${counted(delivered, 'notification')} delivered.` };
  const why = failed[0]?.lastError;
  return {
    kind: 'failed',
    text: `${delivered} of ${counted(rows.length, 'notification')} delivered${why == null ? '' : `: ${why}`}.`,
    hint: 'What failed is pending and tried again.',
  };
}
