import { beforeAll, describe, expect, test } from '@jest/globals';
import { renderHtmlReport } from '../../src/report/index.js';
import { checked, checkedAtSandbox, type Checked } from './support.js';

let found: Checked;
beforeAll(async () => {
  found = await checkedAtSandbox('device-ca-unknown-tls');
}, 60_000);

/** All that the report of a real check says about this user. */
function personal({ report }: Checked): readonly string[] {
  const file = report.stages[0]!;
  if (file.stage !== 'file' || file.outcome === 'skipped') throw new Error('no file stage');
  const { leaf, name } = file.facts;
  const ids = leaf!.subject.match(/(?:gatewayId|tenantId|instanceId):[^|,]+/g) ?? [];
  return [leaf!.serial, leaf!.sha256, name!, ...ids];
}

describe('what names a person, a company or a machine', () => {
  test('is replaced wherever it stands, and the same thing gets the same name', () => {
    const report = rename(found, 'device-1', 'pump-4711');
    const html = renderHtmlReport(report.report, report.trace);
    for (const value of ['pump-4711', ...personal(report)]) expect(html).not.toContain(value);
    expect(html).toContain('deviceAlternateId:device-1|gatewayId:gateway-1');
    expect(html).toContain('device device-1, EC');
    expect(html).toContain('SAP Internet of Things CA');
  });

  test('stays with redact: false, but for the folders of files', () => {
    const report = rename(found, 'device-1', 'pump-4711');
    const html = renderHtmlReport(report.report, report.trace, { redact: false });
    const [serial, fingerprint, path] = personal(report);
    for (const value of ['pump-4711', serial!, fingerprint!]) expect(html).toContain(value);
    expect(html).not.toContain(path!);
    expect(html).not.toContain('sapcert-sandbox-');
  });

  test('hosts, addresses, other names, topics, mail and what a broker says', () => {
    const renamed = [
      ['localhost', 'mqtt.acme-pumps.example'],
      ['127.0.0.1', '10.11.12.13'],
      ['::1', '2001:db8::77'],
      ['SAP Trust Community', 'ACME Pumps GmbH'],
    ].reduce((all, [from, to]) => rename(all, from!, to!), found);
    const [stages, saw] = [
      renamed.report.stages,
      'refused, ask karl@acme-pumps.example or see https://wiki.acme-pumps.example/x',
    ];
    const report = { ...renamed.report, stages, warnings: [{ code: 'ack.none' as const, message: saw }] };
    const html = renderHtmlReport(report, renamed.trace);
    expect(html).not.toMatch(/acme|10\.11\.12\.13|2001:db8|karl/i);
    expect(html).toMatch(/host-1/);
    expect(html).toMatch(/ipv4-1/);
    expect(html).toContain('ask mail-1 or see https://host-');
    expect(html).toContain('organisation-1');
  });

  test('a short device id is found where it is one, and return codes stay', async () => {
    const short = await checkedAtSandbox('device-ca-unknown', { clientId: '3' });
    const html = renderHtmlReport(short.report, short.trace);
    expect(html).toContain('CONNACK 3');
    expect(html).not.toMatch(/client id 3\b/);
  });

  test('words of sapcert do not change, whatever the device is called', async () => {
    const named = await checkedAtSandbox(undefined, { clientId: 'failed', until: 'mqtt' });
    const html = renderHtmlReport(named.report, named.trace);
    expect(html).toContain('✓ ok');
    expect(html).not.toContain('undefined');
  });

  test('public authorities keep their names, private ones do not', () => {
    const subjects = [
      ['O=sapcert sandbox, CN=sapcert sandbox gateway CA', "C=US, O=Let's Encrypt, CN=R11"],
      ['O=sapcert sandbox, CN=sapcert sandbox gateway root CA', 'O=Acme, CN=Acme Factory Root'],
    ];
    const renamed = subjects.reduce((all, [from, to]) => rename(all, from!, to!), found);
    const html = renderHtmlReport(renamed.report, undefined);
    expect(html).toContain('R11');
    expect(html).not.toContain('Acme');
  });
});

describe('secrets', () => {
  test('are in neither form', async () => {
    const password = 'correct-horse-battery';
    const { report, trace } = await checkedAtSandbox(undefined, { username: 'anna-user', password });
    for (const redact of [true, false]) {
      const html = renderHtmlReport(report, trace, { redact });
      expect(html).not.toContain(password);
      expect(html).not.toContain('PRIVATE KEY');
    }
  });
});

test('a check that never left this machine has a report as well', async () => {
  const { report, trace } = await checked({ host: 'nowhere.invalid', input: 'no bundle' });
  const html = renderHtmlReport(report, trace);
  expect(html).toContain('file.unrecognised');
  expect(html).not.toContain('nowhere.invalid');
});

/** The same check of another user. */
function rename(checked: Checked, from: string, to: string): Checked {
  const json = JSON.stringify(checked).replaceAll(from, to);
  return JSON.parse(json) as Checked;
}
