import { describe, expect, test } from '@jest/globals';
import { diagnosisCatalogue } from '../../src/catalogue/index.js';
import { diagnoseSaved, exitCode, renderReport } from '../../src/check/index.js';
import { renderHtmlReport } from '../../src/report/index.js';
import { readRecorded } from '../lab/record.js';

const rows = readRecorded();

/** What the laboratory saw once: the rules of today must still find the cause, without any peer. */
describe('recorded evidence', () => {
  test('is there for every kind of failure', () => {
    expect(rows.length).toBeGreaterThan(400);
    const kinds = new Set(rows.flatMap(({ expected }) => expected.map((code) => code.split('.')[0])));
    const known = new Set(Object.keys(diagnosisCatalogue).map((code) => code.split('.')[0]));
    expect([...known].filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  test.each(rows.map((row) => [row.row, row] as const))('%s', (_, { expected, report: saved }) => {
    const { report, trace } = diagnoseSaved(JSON.stringify(saved));
    const first = report.diagnoses[0]?.code;
    if (expected.length === 0)
      expect({ first, exit: exitCode(report) }).toEqual({ first: undefined, exit: 0 });
    else expect(expected).toContain(first);
    const text = renderReport(report, { width: 80 });
    const html = renderHtmlReport(report, trace);
    expect(text).toContain(first ?? 'No problem found');
    expect(html).toContain(first ?? 'No problem found');
    for (const rendered of [text, html]) expect(rendered).not.toMatch(/undefined|\[object |NaN/);
  });
});
