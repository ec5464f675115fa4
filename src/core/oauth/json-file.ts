import { readFile } from 'node:fs/promises';
import { CoreError } from '../errors.js';

/** A JSON object of a file that a flag names. CoreError usage when it cannot be read or is none; its content is not repeated. */
export async function readJsonFile(flag: string, path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw wrongFile(flag, `${path} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    throw wrongFile(flag, `${path} is not valid JSON`);
  }
  throw wrongFile(flag, `${path} holds no JSON object`);
}

export function wrongFile(flag: string, message: string, hint?: string): CoreError {
  return new CoreError('usage', message, {
    hint: hint ?? 'Download the JSON file again from the Google Cloud console, under Credentials.',
    faults: [{ path: flag, message }],
  });
}
