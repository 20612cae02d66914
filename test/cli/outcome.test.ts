import { describe, expect, test } from '@jest/globals';
import { reportOutcome } from '../../src/cli/outcome.js';
import type { Terminal } from '../../src/cli/terminal.js';

const now = new Date('2026-06-15T12:00:00Z');

function reported(notBefore: string, notAfter: string, subject: string): string {
  const said: string[] = [];
  const terminal: Terminal = {
    out: (data) => void said.push(String(data)),
    err: () => undefined,
    env: {},
    stdinIsTerminal: false,
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    columns: 80,
    stderrColumns: 80,
    askSecrets: undefined,
    signal: new AbortController().signal,
    now: () => now,
  };
  const leaf = { subject, issuer: 'CN=x', serial: '01', notBefore, notAfter, fingerprint: 'AA' };
  const key = { type: 'rsa', size: 2048, encryption: undefined };
  const bundle = { key, leaf, chain: [] };
  reportOutcome({ input: 'device.pem', written: [], warnings: [], bundle }, false, terminal);
  return said.join('');
}

describe('what is said about the device that was written', () => {
  const long = '2020-01-01T00:00:00Z';
  test.each([
    [long, '2026-07-15T12:00:00Z', 'CN=pump', 'key of pump, valid until 2026-07-15 (30 days left)'],
    [long, '2026-06-16T12:00:00Z', 'CN=pump', '(1 day left)'],
    [long, '2026-06-15T18:00:00Z', 'CN=pump', '(0 days left)'],
    [long, '2026-06-15T06:00:00Z', 'CN=pump', '(expired 1 day ago)'],
    [long, '2026-06-05T06:00:00Z', 'CN=pump', '(expired 11 days ago)'],
    [
      '2026-07-01T00:00:00Z',
      '2027-07-01T00:00:00Z',
      'CN=pump',
      'not valid before 2026-07-01, valid until 2027',
    ],
    [long, 'Bad time value', 'CN=pump', 'valid until a date that cannot be read'],
    [long, '2027-07-01T00:00:00Z', 'CN=', 'key of a certificate without a name'],
    [long, '2027-07-01T00:00:00Z', 'C=DE, CN=deviceAlternateId:a|gatewayId:2', 'key of a,'],
    [long, '2027-07-01T00:00:00Z', 'CN=a\u001b[31mb', String.raw`key of a\x1b[31mb`],
  ])('%s to %s, %j: %s', (notBefore, notAfter, subject, words) => {
    expect(reported(notBefore, notAfter, subject)).toContain(words);
  });
});
