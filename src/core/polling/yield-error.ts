/** A poll ends early without having failed: a command wants the instance, or the process is to stop. What was committed stays. */
export class YieldError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'YieldError';
  }
}
