import { Readable } from 'node:stream';
import { createUi, type GlobalFlags, type Ui } from '../../src/ui/output.js';
import type { Prompts } from '../../src/ui/prompts.js';

export interface Terminal {
  ui: Ui;
  stdout: string;
  stderr: string;
  /** stdout as JSON, one value a line. */
  json(): unknown[];
}

/** A ui whose streams are kept as text. `tty`: a person can be asked. */
export function terminal(flags: GlobalFlags & { tty?: boolean } = {}): Terminal {
  const isTTY = flags.tty === true;
  const write = (stream: 'stdout' | 'stderr') => (text: string) => {
    it[stream] += text;
  };
  const ui = createUi(flags, {
    stdin: { isTTY },
    stdout: { write: write('stdout'), isTTY },
    stderr: { write: write('stderr'), isTTY },
  });
  const it: Terminal = {
    ui,
    stdout: '',
    stderr: '',
    json: () =>
      it.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
  };
  return it;
}

export function stdin(text: string | Uint8Array): Readable {
  return Readable.from([text]);
}

/** A person who answers by what a question begins with, and keeps the questions. What is not foreseen fails the test. */
export function person(answers: Record<string, unknown>): { asked: string[]; prompts: () => Promise<Prompts> } {
  const asked: string[] = [];
  const answer = (message: string): unknown => {
    asked.push(message);
    const known = Object.entries(answers).find(([start]) => message.startsWith(start));
    if (known === undefined) throw new Error(`nobody foresaw the question: ${message}`);
    if (known[1] instanceof Error) throw known[1];
    return known[1];
  };
  const prompts: Prompts = {
    input: async (message, options = {}) => {
      const text = String(answer(message));
      const wrong = options.check?.(text) ?? null;
      if (wrong !== null) throw new Error(`the answer to "${message}" was turned down: ${wrong}`);
      return text;
    },
    confirm: async (message) => answer(message) === true,
    select: async <T>(message: string, choices: { name: string; value: T }[]) => {
      const choice = choices.find(({ name }) => name === answer(message));
      if (choice === undefined) throw new Error(`"${message}" offers ${choices.map(({ name }) => name).join(', ')}`);
      return choice.value;
    },
    checkbox: async <T>(message: string, choices: { name: string; value: T; checked?: boolean }[]) => {
      const names = answer(message) as string[] | 'preset';
      const taken = choices.filter(({ name, checked }) =>
        names === 'preset' ? checked === true : names.includes(name),
      );
      return taken.map(({ value }) => value);
    },
  };
  return { asked, prompts: async () => prompts };
}
