/** Whoever drives the sandbox asked for something that is not there: one sentence that says what. */
export class SandboxMisuse extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SandboxMisuse';
  }
}
