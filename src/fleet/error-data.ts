import { SapcertError } from '../errors.js';
import type { ErrorData } from './types.js';

/** An error that can go to another thread. What nobody foresaw may hold anything, so its text is not kept. */
export function errorData(error: unknown): ErrorData {
  if (!(error instanceof SapcertError)) {
    const name = error instanceof Error ? error.name : typeof error;
    return errorData(
      new SapcertError('internal', `an unexpected ${name} inside sapcert`, {
        hint: 'please report it, with the command and, if you can, a file of the same kind without secrets',
      }),
    );
  }
  const { code, message, hint, place, defects } = error;
  return { code, message, hint, place, defects };
}
