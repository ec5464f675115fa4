import type { InstanceStatus } from '../../../core/status.js';
import type { InstanceDocument } from '../../../core/types.js';

/** good: well. wait: passes by itself. bad: needs a person. off: by somebody's wish. */
export interface Health {
  meaning: 'good' | 'wait' | 'bad' | 'off';
  word: string;
}

/** `document` undefined: its file cannot be understood. */
export function healthOf(status: InstanceStatus, document: InstanceDocument | undefined): Health {
  if (document === undefined) return { meaning: 'bad', word: 'Unreadable' };
  if (status.deliveries === 'stopped') return { meaning: 'bad', word: 'Stopped' };
  if (document.disabled) return { meaning: 'off', word: 'Paused' };
  if (document.configuration['event.notification.enabled'] !== 'true') return { meaning: 'off', word: 'Events off' };
  if (status.error !== null) {
    return status.error.code === 'retry_later' || status.deliveries === 'resting'
      ? { meaning: 'wait', word: status.deliveries === 'resting' ? 'Resting' : 'Waiting' }
      : { meaning: 'bad', word: status.error.code === 'auth' ? 'Not authorized' : 'Failing' };
  }
  if (status.deliveries === 'resting') return { meaning: 'wait', word: 'Resting' };
  if (status.retrying) return { meaning: 'wait', word: 'Retrying' };
  return status.lastPollAt === null ? { meaning: 'wait', word: 'New' } : { meaning: 'good', word: 'Healthy' };
}

/** `retrying`: the oldest has failed, and is tried again by itself. */
export function deliveryWord({ deliveries, retrying }: InstanceStatus): string {
  return deliveries === 'running' && retrying ? 'retrying' : deliveries;
}
