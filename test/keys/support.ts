import { SapcertError } from '../../src/errors.js';
import type { Refuse } from '../../src/bundle/asn1/index.js';

/** The error that something is refused with; fails where it is not refused, or not by a SapcertError. */
export async function refusal(attempt: () => unknown): Promise<SapcertError> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof SapcertError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** What came of something that may be refused: `undefined` for success. Any other error is rethrown. */
export async function outcome(attempt: () => unknown): Promise<SapcertError | undefined> {
  try {
    await attempt();
    return undefined;
  } catch (error) {
    if (error instanceof SapcertError) return error;
    throw error;
  }
}

export const refuse: Refuse = (message) => new SapcertError('file.malformed', message);
