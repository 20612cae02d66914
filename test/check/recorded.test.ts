import { afterAll, describe, expect, test } from '@jest/globals';
import { diagnose } from '../../src/check/index.js';
import { readRecorded, record, recording, saveRecorded } from '../lab/record.js';

/**
 * The laboratory without its servers: every row's evidence as it was recorded, and all that was concluded from it, word
 * for word. A change of the rules or of the words shows itself here. Where what the failures show is meant, take it over:
 * SAPCERT_LAB_RECORD=1 npx jest test/check/recorded.
 */
describe('recorded evidence comes to the same conclusion', () => {
  test.each(readRecorded().map((recorded) => [recorded.row, recorded] as const))('%s', (_, recorded) => {
    const { expected, report } = recorded;
    const { diagnoses, warnings } = diagnose(report);
    const [first] = diagnoses;
    expect(expected).toEqual(first === undefined ? [] : expect.arrayContaining([first.code]));
    record({ ...recorded, report: { ...report, diagnoses, warnings } });
    if (!recording)
      expect({ diagnoses, warnings }).toEqual({ diagnoses: report.diagnoses, warnings: report.warnings });
  });

  afterAll(saveRecorded);
});
