import { describe, expect, test } from '@jest/globals';
import type { Evidence } from '../../src/check/index.js';
import type { DiagnosisCode } from '../../src/codes.js';
import type { Rule } from '../../src/check/diagnose/rule.js';
import { rules } from '../../src/check/diagnose/rules/index.js';
import { viewOf } from '../../src/check/diagnose/view.js';
import { readRecorded } from '../lab/record.js';
import { rows } from './codes/index.js';

const evidence: readonly Evidence[] = [
  ...rows.map((row) => row.evidence),
  ...readRecorded().map(({ report }) => report),
];

function codesFound({ find }: Rule): readonly DiagnosisCode[] {
  const found = evidence.flatMap((one) => find(viewOf(one)) ?? []);
  return [...new Set(found.map(({ code }) => code))].toSorted();
}

/** A rule that other rules hide is no rule: what none of them finds on its own would never be said. */
describe('over all evidence a rule finds what it says that it finds, and nothing else', () => {
  test.each(rules.map((rule) => [rule.codes.join(', '), rule] as const))('%s', (_, rule) => {
    expect(codesFound(rule)).toEqual([...rule.codes].toSorted());
  });
});
