import type { Context } from '../core/context.js';
import type { Step } from '../core/progress.js';
import { counted } from './notification-lines.js';

/** How far a run has come that polls instances, sends notifications, or both. */
export class RunProgress {
  readonly #verb: string;
  #instances = 0;
  #notifications = 0;
  #done = 0;
  #events = 0;
  #delivered = 0;
  #failed = 0;
  readonly #recovered = new Map<number, number>();

  /** `verb` begins the line: `Polling`. */
  constructor(verb: string) {
    this.#verb = verb;
  }

  /** The context whose work is counted here. */
  heard(ctx: Context): Context {
    return { ...ctx, progress: (step) => this.#take(step) };
  }

  found(events: number): void {
    this.#events += events;
  }

  /** "Polling: 3 of 12 instances, 1203 events, 40 notifications delivered"; what is nothing is left out. */
  text(): string {
    const recovered = [...this.#recovered.values()].reduce((sum, each) => sum + each, 0);
    const of = this.#notifications === 0 ? '' : ` of ${this.#notifications}`;
    const sent = `${this.#delivered}${of} ${this.#delivered === 1 && of === '' ? 'notification' : 'notifications'}`;
    const parts = [
      this.#instances === 0 ? '' : `${this.#done} of ${counted(this.#instances, 'instance')}`,
      recovered === 0 ? '' : `${counted(recovered, 'message')} recovered`,
      this.#events === 0 ? '' : counted(this.#events, 'event'),
      this.#delivered + this.#notifications === 0 ? '' : `${sent} delivered`,
      this.#failed === 0 ? '' : `${counted(this.#failed, 'attempt')} failed`,
    ];
    return `${this.#verb}: ${parts.filter((part) => part !== '').join(', ') || '...'}`;
  }

  #take(step: Step): void {
    switch (step.kind) {
      case 'begun':
        if ('instances' in step) this.#instances += step.instances;
        else this.#notifications += step.notifications;
        return;
      case 'done':
        this.#done += 1;
        return;
      case 'recovered':
        this.#recovered.set(step.instanceId, step.messages);
        return;
      case 'attempted':
        if (step.delivered) this.#delivered += 1;
        else this.#failed += 1;
    }
  }
}
