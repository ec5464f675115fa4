/** The one table of exit codes: help, README and tests read it. 130 and 143 are the signals'. */
export const EXIT_CODES = {
  ok: { code: 0, meaning: 'ok' },
  failed: { code: 1, meaning: 'failed' },
  usage: { code: 2, meaning: 'usage or invalid input' },
  partial: {
    code: 3,
    meaning:
      'partial: some instances or deliveries failed, a delivery is still to be retried, or a stopped or resting instance has pending ones',
  },
  auth: { code: 4, meaning: 'authorization needed (revoked, denied, scope missing)' },
  store: { code: 5, meaning: 'store broken, unreadable or too new' },
  retry_later: { code: 75, meaning: 'try later (lease held, quota)' },
} as const;

export const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;
