import type { Fault } from '../types.js';
import { checkFault, strikes } from './kinds.js';

export interface Struck {
  method: string;
  email: string | null;
  /** The id in the path; empty for lists. */
  id: string;
}

interface Armed extends Fault {
  /** Requests still to pass. */
  waiting: number;
  /** Strikes left. */
  left: number;
}

/** The faults that are switched on, in the order they were added; the first that fits strikes. */
export class FaultBox {
  #armed: Armed[] = [];

  add(fault: Fault): void {
    checkFault(fault);
    this.#armed.push({ ...fault, waiting: fault.after ?? 0, left: fault.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#armed = [];
  }

  list(): Fault[] {
    return this.#armed.map(({ waiting, left, ...fault }) => ({
      ...fault,
      ...(fault.after !== undefined && { after: waiting }),
      ...(fault.times !== undefined && { times: left }),
    }));
  }

  strike(request: Struck): Fault | null {
    for (const fault of this.#armed) {
      if (!strikes(fault, request.method)) continue;
      if (fault.email !== undefined && fault.email.toLowerCase() !== request.email) continue;
      if (fault.messageId !== undefined && fault.messageId !== request.id) continue;
      if (fault.waiting > 0) {
        fault.waiting -= 1;
        continue;
      }
      fault.left -= 1;
      if (fault.left <= 0) this.#armed = this.#armed.filter((other) => other !== fault);
      return fault;
    }
    return null;
  }
}
