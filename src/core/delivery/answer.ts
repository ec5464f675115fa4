/** What came of one attempt. */
export interface Answer {
  /** A 2xx answer that was complete, or whose first 64 kB came, within the time allowed. */
  ok: boolean;
  /** false: we refused to call at all, which tells nothing of the endpoint that other instances may be free to call. */
  dialled: boolean;
  /** HTTP status; null when no answer came. */
  status: number | null;
  /** One short sentence without a secret; null when ok. */
  error: string | null;
  /** First 1 kB of the answer's body; null when there was none. */
  text: string | null;
  /** What the receiver asked for; null when nothing. */
  retryAfterMs: number | null;
  durationMs: number;
}

/** An attempt that ended before anything was sent. */
export function unsent(error: string): Answer {
  return { ok: false, dialled: false, status: null, error, text: null, retryAfterMs: null, durationMs: 0 };
}
