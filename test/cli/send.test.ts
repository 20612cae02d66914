import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { measureOf } from '../../src/cli/measure-flags.js';
import { startSandbox, type Sandbox, type SandboxDevice } from '../../src/sandbox/index.js';
import { repository, run, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);

let sandbox: Sandbox;
let device: SandboxDevice;
let where: string[];

beforeAll(async () => {
  sandbox = await startSandbox({ dir: path('sandbox'), deviceIds: ['pump-1', 'pump-2'] });
  const [first] = sandbox.devices;
  if (first === undefined) throw new Error('the sandbox made no device');
  device = first;
  where = ['--host', `${sandbox.host}:${sandbox.port}`, '--ca', sandbox.ca];
});

afterAll(() => sandbox.close());

const measure = (value: unknown): string =>
  JSON.stringify({ capabilityAlternateId: 'c', sensorAlternateId: 's', measures: [[value]] });

const lines = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

describe('sapcert send', () => {
  test('one measure by flags: the acknowledgement is printed, exit code 0', async () => {
    const flags = [
      '--capability',
      'c',
      '--sensor',
      's',
      '--measure',
      'temperature=25',
      '--measure',
      'state=ok',
    ];
    const ran = await sapcert(['send', device.bundle, ...where, ...flags]);
    expect(ran).toMatchObject({ status: 0, stderr: expect.stringContaining('1 acknowledged') });
    expect(ran.stdout.toString()).toMatch(/^acknowledged 202 .*id \S+\n$/);
  });

  test('NDJSON from standard input, with a document for each line and a summary', async () => {
    const input = [1, 2, 3].map(measure).join('\n');
    const ran = await sapcert(['send', device.bundle, ...where, '--json'], { input });
    expect(ran.status).toBe(0);
    expect(lines(ran.stdout.toString())).toMatchObject([
      ...[1, 2, 3].map((line) => ({ line, outcome: 'acknowledged', acknowledgement: { code: 202 } })),
      { schemaVersion: 1, summary: { acknowledged: 3, refused: 0, unanswered: 0, invalid: 0 } },
    ]);
  });

  test('each acknowledgement comes while the pipe stays open', async () => {
    const args = [join(repository, 'bin/sapcert.cjs'), 'send', device.bundle, ...where];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.on('close', resolve));
    const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    for (const line of [1, 2, 3]) {
      child.stdin.write(`${measure(line)}\n`);
      expect(await answers.next()).toMatchObject({
        value: expect.stringContaining(`line ${line}: acknowledged`),
      });
    }
    child.stdin.end();
    expect(await ended).toBe(0);
  });

  test('results that cannot be written end it, with the pipe open', async () => {
    const command = ['send', device.bundle, ...where].map((word) => `'${word}'`).join(' ');
    const program = `"${process.execPath}" "${join(repository, 'bin/sapcert.cjs')}" ${command}`;
    const line = measure(1);
    const script = `{ echo '${line}'; sleep 2; echo '${line}'; } | ${program} > /dev/full`;
    const ran = await run('sh', ['-c', script]);
    expect(ran).toMatchObject({ status: 3, stderr: expect.stringContaining('no space left') });
    expect(ran.stderr).not.toMatch(/^ {4}at /m);
  });

  test('what is refused goes to a file with its reason, and sending that file sends just those', async () => {
    const input = [measure(1), '{"nope":1}', measure(2), 'no json'].join('\n');
    const ran = await sapcert(['send', device.bundle, ...where, '--refused', path('again')], { input });
    expect(ran).toMatchObject({ status: 1, stderr: expect.stringContaining('2 acknowledged, 1 refused') });
    const kept = readFileSync(path('again'), 'utf8');
    expect(kept).toMatch(/^#sapcert line 2, ack\.refused: .*nope/m);
    expect(kept).toMatch(/^#sapcert line 4, file\.malformed: not a JSON object\nno json$/m);
    writeFileSync(path('mended'), kept.replace('{"nope":1}', measure(3)).replace('no json', measure(4)));
    const again = await sapcert([
      'send',
      device.bundle,
      ...where,
      '--file',
      path('mended'),
      '--refused',
      path('none'),
    ]);
    expect(again).toMatchObject({ status: 0, stderr: expect.stringContaining('2 acknowledged') });
    expect(existsSync(path('none'))).toBe(false);
  });

  test('an empty input and JSON over several lines get a word about it', async () => {
    const empty = await sapcert(['send', device.bundle, ...where], { input: '' });
    expect(empty).toMatchObject({ status: 0, stderr: expect.stringContaining('there was nothing to send') });
    const pretty = JSON.stringify(JSON.parse(measure(1)), undefined, 2);
    const ran = await sapcert(['send', device.bundle, ...where], { input: pretty });
    expect(ran).toMatchObject({ status: 1, stderr: expect.stringContaining('jq -c . FILE') });
  });

  test.each([
    ['12345678901234567890', '12345678901234567890'],
    ['1e999', '1e999'],
    ['1e-400', '1e-400'],
    ['-0.5e-400', '-0.5e-400'],
    ['0.12345678901234567891', 0.123_456_789_012_345_68],
    ['0e5', 0],
    ['0.0', 0],
    ['007', '007'],
    ['25', 25],
    ['-2.5e3', -2500],
    ['true', true],
  ])('the value %s arrives as %j', (given, value) => {
    expect(measureOf('c', 's', [`p=${given}`]).measures).toEqual([{ p: value }]);
  });

  test('a file of measures that is not there is said before anything is connected', async () => {
    const nowhere = ['--host', '127.0.0.1:1', '--ca', sandbox.ca];
    const ran = await sapcert(['send', device.bundle, ...nowhere, '--file', path('none.ndjson')]);
    expect(ran).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('none.ndjson: there is no such file'),
    });
  });

  test('what is wrong with the bundle or its secret names the file, and the way to give a secret', async () => {
    const flags = [...where, '--capability', 'c', '--sensor', 's', '--measure', 't=1'];
    const noKey = await sapcert(['send', sandbox.ca, ...flags]);
    expect(noKey).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('ca.crt: there is no private key'),
    });
    const wrong = await sapcert(['send', device.bundle, ...flags, '--passin', 'env:W'], {
      env: { W: 'wrong-canary' },
    });
    expect(wrong.stderr).toMatch(
      /pump-1\.pem, block 1, line 1: the secret from --passin env:W does not open/,
    );
    expect(wrong.stderr).toContain('23 or 36 characters');
    const lone = path('lone.pem');
    writeFileSync(lone, readFileSync(device.bundle));
    const missing = await sapcert(['send', lone, ...flags]);
    expect(missing.stderr).toMatch(/lone\.pem, block 1, line 1: .*no secret was given\n.*--passin file:PATH/);
    expect(noKey.stderr + wrong.stderr + missing.stderr).not.toContain('wrong-canary');
  });

  test('a refused connection points to check once', async () => {
    const flags = ['--client-id', 'x', '--capability', 'c', '--sensor', 's', '--measure', 't=1'];
    const ran = await sapcert(['send', device.bundle, ...where, ...flags]);
    expect(ran.stderr.match(/finds the cause/g)).toHaveLength(1);
  });

  test('an earlier --refused file is never replaced', async () => {
    writeFileSync(path('precious'), 'x');
    const ran = await sapcert(['send', device.bundle, ...where, '--refused', path('precious')], {
      input: measure(1),
    });
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('exists already') });
    expect(readFileSync(path('precious'), 'utf8')).toBe('x');
  });

  test.each<[readonly string[], number, string]>([
    [['--measure', 'a=1'], 2, '--capability ID'],
    [['--measure', 'a', '--capability', 'c', '--sensor', 's'], 2, 'NAME=VALUE'],
    [['--file', '/no/such/file'], 2, 'no such file'],
    [['--file', '.'], 2, '.: this is a folder'],
    [['--measure', 'a=1', '--measure', 'a=2', '--capability', 'c', '--sensor', 's'], 2, 'a is given twice'],
    [['--window', '0'], 2, '--window takes a whole number'],
    [
      ['--measure', 'a=1', '--capability', 'c', '--sensor', 's', '--port', '1'],
      1,
      'nothing accepts connections',
    ],
    [['--measure', 'a=1', '--capability', 'c', '--sensor', 's', '--client-id', 'other'], 1, 'client id'],
  ])('%j is an error', async (args, status, words) => {
    const host = args.includes('--port') ? ['--host', sandbox.host, '--ca', sandbox.ca] : where;
    const ran = await sapcert(['send', device.bundle, ...host, ...args]);
    expect(ran).toMatchObject({ status, stderr: expect.stringContaining(words) });
  });

  test('--listen prints commands as NDJSON until Ctrl-C', async () => {
    const listener = sandbox.devices[1] ?? device;
    const args = ['send', listener.bundle, ...where, '--listen', '--quiet'];
    const child = spawn(process.execPath, [join(repository, 'bin/sapcert.cjs'), ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.stdin.end();
    const command = { capabilityAlternateId: 'c', sensorAlternateId: 's', command: { valve: 'open' } };
    const repeat = setInterval(() => void sandbox.sendCommand(listener.deviceId, command), 300);
    const first = await firstLine(child);
    clearInterval(repeat);
    expect(JSON.parse(first)).toMatchObject({ topic: `commands/${listener.deviceId}`, ...command });
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGINT');
    expect(await ended).toBe(0);
  });
});

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('it ended without a line');
}
