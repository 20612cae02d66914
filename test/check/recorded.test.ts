import { describe, expect, test } from '@jest/globals';
import { diagnose } from '../../src/check/index.js';
import { readRecorded } from './recorded.js';

/**
 * The laboratory without its servers: every row's evidence as it was recorded. A change of the rules that changes
 * an answer shows itself here; where the change is meant, record again and look at the difference.
 */
describe('recorded evidence comes to the same conclusion', () => {
  test.each(readRecorded().map((recorded) => [recorded.row, recorded] as const))(
    '%s',
    (_, { evidence, conclusion }) => {
      const { diagnoses } = diagnose(evidence);
      expect(diagnoses.map(({ code, certainty }) => ({ code, certainty }))).toEqual(conclusion);
    },
  );
});
