import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createPrompts, isPromptExit } from '../../src/ui/prompts.js';

const ENTER = '\r';
const DOWN = '\u001b[B';
const SPACE = ' ';
const CTRL_C = '\u0003';

/** inquirer at a terminal that is none: keys are typed when the text that they answer has been shown. */
function screen() {
  const input = new PassThrough();
  const output = new PassThrough();
  // Like stderr, which a pipe into it never ends.
  const close = output.end.bind(output);
  output.end = () => output;
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString('utf8');
  });
  return {
    streams: { input, output },
    shown: () => shown,
    async type(after: string, ...keys: string[]) {
      const deadline = Date.now() + 10_000;
      while (!shown.includes(after)) {
        if (Date.now() > deadline) throw new Error(`"${after}" was never shown: ${shown}`);
        await new Promise((turn) => setTimeout(turn, 5));
      }
      for (const key of keys) input.write(key);
    },
    end() {
      input.end();
      close();
    },
  };
}

describe('questions', () => {
  let at: ReturnType<typeof screen>;
  afterEach(() => at.end());

  it('an input has a default and says what is wrong with an answer', async () => {
    at = screen();
    const prompts = await createPrompts(at.streams);
    const check = (answer: string) => (answer === 'bad' ? 'Not that one.' : null);
    const answer = prompts.input('Minutes', { default: '15', check });
    await at.type('Minutes', 'bad', ENTER);
    await at.type('Not that one.', '\u007f\u007f\u007f', 'good', ENTER);
    expect(await answer).toBe('good');
    const preset = prompts.input('Again', { default: '15' });
    await at.type('Again', ENTER);
    expect(await preset).toBe('15');
  });

  it('a confirmation has a preset', async () => {
    at = screen();
    const prompts = await createPrompts(at.streams);
    const yes = prompts.confirm('Really', true);
    await at.type('Really', ENTER);
    expect(await yes).toBe(true);
    const no = prompts.confirm('Certainly', true);
    await at.type('Certainly', 'n', ENTER);
    expect(await no).toBe(false);
  });

  it('one of several, and several of several', async () => {
    at = screen();
    const prompts = await createPrompts(at.streams);
    const one = prompts.select('Account', [
      { name: 'ann', value: { id: 1 } },
      { name: 'another', value: null },
    ]);
    await at.type('Account', DOWN, ENTER);
    expect(await one).toBeNull();
    const several = prompts.checkbox('Resources', [
      { name: 'changed-messages', value: 'a', checked: true },
      { name: 'labels', value: 'b' },
      { name: 'drafts', value: 'c' },
    ]);
    await at.type('Resources', DOWN, SPACE, ENTER);
    expect(await several).toEqual(['a', 'b']);
  });

  it('Ctrl-C is told from an error', async () => {
    at = screen();
    const prompts = await createPrompts(at.streams);
    const left = prompts.confirm('Stay', true).catch((error: unknown) => error);
    await at.type('Stay', CTRL_C);
    expect(isPromptExit(await left)).toBe(true);
    expect(isPromptExit(new Error('other'))).toBe(false);
  });
});
