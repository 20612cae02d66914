import { describe, expect, test } from '@jest/globals';
import { SapcertError } from '../../src/errors.js';
import { diagnoseSaved } from '../../src/check/index.js';
import { readRecorded } from '../lab/record.js';

type Json = Record<string, unknown>;

/** A document of `check --json` with the trace that `--trace` adds. */
function saved(): Json {
  const { report } = readRecorded().find(({ row }) => row.includes('expired certificate'))!;
  const row = { at: 0, arrow: 'right', title: 'SYN', details: [], tone: 'plain', encrypted: false };
  return { ...structuredClone(report), trace: [{ connection: 'first-pass', rows: [row] }] };
}

/** The same with another value in one place, or none there. */
function changed(place: string, value: unknown): Json {
  const document = saved();
  const names = place.split('/');
  const last = names.pop()!;
  const holder = names.reduce((inner, name) => inner[name] as Json, document);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return document;
}

function refusal(document: unknown): SapcertError {
  try {
    diagnoseSaved(JSON.stringify(document), 'check.json');
  } catch (error) {
    if (error instanceof SapcertError) return error;
    throw error;
  }
  throw new Error('it was taken');
}

describe('a saved document that cannot be shown is refused, with the place where it departs', () => {
  test.each<[what: string, place: string, value: unknown]>([
    ['a member is missing', 'stages/2/facts/attempts', undefined],
    ['another type', 'stages/1/facts/addresses', 'x'],
    ['an item of another type', 'stages/0/facts/leaf/keyUsage/0', null],
    ['no time', 'stages/0/facts/leaf/notAfter', 'soon'],
    ['an outcome that there is not', 'stages/3/outcome', 'perhaps'],
    ['a negative duration', 'ms', -1],
    ['a stage too few', 'stages', []],
    ['facts of nothing', 'stages/1/facts/name', undefined],
    ['a row of the trace without its time', 'trace/0/rows/0/at', undefined],
    ['a trace that is none', 'trace', {}],
    ['of another version', 'schemaVersion', 2],
  ])('%s', (_, place, value) => {
    const { code, message } = refusal(changed(place, value));
    expect(code).toBe('file.malformed');
    expect(message).toMatch(new RegExp(`: ${place}$`));
  });

  test('a stage that stands in another place', () => {
    const stages = (saved()['stages'] as readonly unknown[]).toReversed();
    expect(refusal(changed('stages', stages)).code).toBe('file.malformed');
  });

  test('a day that there is not', () => {
    expect(refusal({ ...saved(), checkedAt: '2026-99-99T00:00:00Z' }).code).toBe('file.malformed');
  });

  test('what a newer version may have added is let pass', () => {
    const document = { ...changed('stages/3/facts/echo', { accepted: true }), mood: 'fine' };
    expect(diagnoseSaved(JSON.stringify(document)).report.diagnoses[0]?.code).toBe(
      'tls.client-certificate-expired',
    );
  });
});
