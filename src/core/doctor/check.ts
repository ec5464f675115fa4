import { type ErrorCode, reported } from '../errors.js';

/** One thing that was looked at. */
export interface Check {
  name: string;
  ok: boolean;
  /** One sentence, without a secret. */
  message: string;
  /** What mends or improves it; null when nothing is to be done. */
  hint: string | null;
  /** Category of the fault; null when it is well. */
  code: ErrorCode | null;
}

export function well(name: string, message: string, hint: string | null = null): Check {
  return { name, ok: true, message, hint, code: null };
}

export function fault(name: string, code: ErrorCode, message: string, hint: string | null): Check {
  return { name, ok: false, message, hint, code };
}

/** A check that cannot be made is a fault of its own: it keeps no other from being made. */
export async function guarded(name: string, work: () => Promise<Check | Check[]>): Promise<Check[]> {
  try {
    return [await work()].flat();
  } catch (error) {
    const { code, message, hint } = reported(error);
    return [fault(name, code, message, hint)];
  }
}
