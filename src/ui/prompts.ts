/** Questions to a person at a terminal. They are written to stderr: stdout is data. */
export interface Prompts {
  /** `check` returns what is wrong with an answer, or null. */
  input(
    message: string,
    options?: { default?: string; check?(answer: string): string | null | Promise<string | null> },
  ): Promise<string>;
  confirm(message: string, preset: boolean): Promise<boolean>;
  select<T>(message: string, choices: { name: string; value: T }[]): Promise<T>;
  /** `disabled` tells behind the name why a choice cannot be taken. */
  checkbox<T>(
    message: string,
    choices: { name: string; value: T; checked?: boolean; disabled?: string | false }[],
  ): Promise<T[]>;
}

interface PromptStreams {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

/** Loads inquirer, which takes a while: only for a question that is really asked. */
export async function createPrompts(
  streams: PromptStreams = { input: process.stdin, output: process.stderr },
): Promise<Prompts> {
  const { default: inquirer } = await import('inquirer');
  const prompt = inquirer.createPromptModule(streams);
  return {
    input: async (message, options = {}) => {
      const validate = async (answer: string) => (await options.check?.(answer)) ?? true;
      const { answer } = await prompt([
        { type: 'input', name: 'answer', message, validate, ...preset(options.default) },
      ]);
      return answer;
    },
    confirm: async (message, preset) => {
      const { answer } = await prompt([{ type: 'confirm', name: 'answer', message, default: preset }]);
      return answer;
    },
    select: async (message, choices) => {
      const { answer } = await prompt([{ type: 'select', name: 'answer', message, choices }]);
      return answer;
    },
    checkbox: async (message, choices) => {
      const { answer } = await prompt([{ type: 'checkbox', name: 'answer', message, choices, required: true }]);
      return answer;
    },
  };
}

/** The error of a person who pressed Ctrl-C at a question. */
export function isPromptExit(error: unknown): boolean {
  return error instanceof Error && error.name === 'ExitPromptError';
}

function preset(value: string | undefined): { default?: string } {
  return value === undefined ? {} : { default: value };
}
