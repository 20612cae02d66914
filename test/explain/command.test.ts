import { describe, expect, test } from '@jest/globals';
import { everything } from '../../src/catalogue/index.js';
import { sapcert } from '../support/run.js';

describe('sapcert explain', () => {
  test('lists everything, within 80 columns, without escape codes', async () => {
    const { status, stdout } = await sapcert(['explain']);
    const text = stdout.toString();
    expect(status).toBe(0);
    for (const { entries } of everything()) {
      for (const { name } of entries) expect(text.replaceAll(/\s+/g, ' ')).toContain(name);
    }
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(text).not.toContain('\u001b');
  });

  test('says what CONNACK 3 means, what causes it and what to do', async () => {
    const { status, stdout } = await sapcert(['explain', 'rc=3']);
    expect(status).toBe(0);
    for (const words of ['ActiveMQ', 'Causes', 'What to do', 'sapcert check', 'section 3.2.2.3']) {
      expect(stdout.toString()).toContain(words);
    }
  });

  test('takes several words as one message', async () => {
    const { status, stdout } = await sapcert(['explain', 'alert', '48', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout.toString())).toMatchObject({
      schemaVersion: 1,
      query: 'alert 48',
      matches: [{ kind: 'tls-alert', name: 'alert 48, unknown_ca', causes: expect.any(Array) }],
      suggestions: [],
    });
  });

  test('--json alone lists every entry', async () => {
    const { stdout } = await sapcert(['explain', '--json']);
    const { entries } = JSON.parse(stdout.toString()) as { entries: unknown[] };
    expect(entries).toHaveLength(everything().flatMap((group) => group.entries).length);
  });

  test('what is not known is a usage error with suggestions', async () => {
    const { status, stdout, stderr } = await sapcert(['explain', 'tls.silnet']);
    expect({ status, stdout: stdout.toString() }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('did you mean tls.silent');
    const json = await sapcert(['explain', 'tls.silnet', '--json']);
    expect(json.status).toBe(2);
    expect(JSON.parse(json.stdout.toString())).toMatchObject({
      matches: [],
      suggestions: expect.arrayContaining(['tls.silent']),
    });
  });

  test('what was pasted is no command to the terminal', async () => {
    const { stderr } = await sapcert(['explain', 'no\u001b[31m such\u202e thing']);
    expect(stderr).not.toMatch(/[\u001b\u202e]/);
  });
});
