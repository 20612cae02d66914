import { createPrivateKey } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { startSandbox } from '../../src/sandbox/index.js';
import { openssl } from '../support/run.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { TellTales } from './support/tell-tales.js';
import { watched } from './support/watched.js';

const root = temporaryFolder();
const sandbox = await startSandbox({ dir: join(root, 'sandbox'), deviceIds: ['pump-1', 'pump-2'] });
afterAll(() => sandbox.close());
const [one, two] = sandbox.devices;
if (one === undefined || two === undefined) throw new Error('the sandbox made no devices');

const bundle = readFileSync(one.bundle, 'utf8');
const certificate = bundle.slice(bundle.indexOf('-----BEGIN CERTIFICATE-----'));
const secrets = {
  secret: readFileSync(one.secretFile, 'utf8').trim(),
  'wrong secret': 'Wr0ng!Canary#of4Secrets',
  'new secret': 'N3w!Canary#of4Secrets',
  'MQTT password': 'P4ss!Canary#of7Brokers',
};
const keyPem = String(
  createPrivateKey({ key: bundle, passphrase: secrets.secret }).export({ type: 'pkcs8', format: 'pem' }),
);
const tellTales = new TellTales(secrets, { 'private key': keyPem });

const env = {
  S: secrets.secret,
  WRONG: secrets['wrong secret'],
  NEW: secrets['new secret'],
  PASSWORD: secrets['MQTT password'],
  SAPCERT_DEBUG: '1',
  DEBUG: '*',
};
const passin = ['--passin', 'env:S'];
const wrong = ['--passin', 'env:WRONG'];
const login = ['--username', 'u', '--password', 'env:PASSWORD'];
const where = ['--host', `${sandbox.host}:${sandbox.port}`, '--ca', sandbox.ca];
const measure = ['--capability', 'c', '--sensor', 's', '--measure', 'temperature=25'];

/** Everything a command may be pointed at, each in a folder of its own, none with a secret beside it. */
function makeInputs(): string {
  const folder = mkdtempSync(join(root, 'inputs-'));
  const write = (name: string, text: string | Uint8Array): void =>
    writeFileSync(join(folder, name), text, { mode: 0o600 });
  write('device.pem', bundle);
  write('cut.pem', bundle.slice(0, 900));
  write('damaged.pem', bundle.replace(/\n[A-Za-z0-9+/]{64}\n/, '\n*\n'));
  write('plain.key', keyPem);
  write('plain-cut.key', keyPem.slice(0, 1200));
  write('plain-damaged.pem', `${damaged(keyPem)}${certificate}`);
  write('plain.pem', `${keyPem}${certificate}`);
  write('literal.pem', `${keyPem}${certificate}`.replaceAll('\n', '\\n'));
  write('unlabelled.pem', keyPem.replace('BEGIN PRIVATE', 'BEGIN PRIVTE'));
  write('key-only-garbage.txt', keyPem.replaceAll(/-----.*-----\n/g, ''));
  write('device.crt', certificate);
  write('other.crt', readFileSync(two?.bundle ?? '', 'utf8').replace(/^[^]*?(?=-----BEGIN CERT)/, ''));
  write('download.json', JSON.stringify({ secret: secrets.secret, pem: bundle }));
  write('download-wrong.json', JSON.stringify({ secret: secrets['wrong secret'], pem: bundle }));
  write('download-cut.json', JSON.stringify({ secret: secrets.secret, pem: bundle }).slice(0, -40));
  write('download-odd.json', JSON.stringify({ secret: { [secrets.secret]: 1 }, key: keyPem, pem: 7 }));
  write('service-key.json', JSON.stringify({ credentials: { certificate, key: keyPem, clientid: 'x' } }));
  write('secrets.csv', `file,secret\ndevice.pem,${secrets.secret}\n`);
  write('secrets-wrong.csv', `device,secret\npump-1,${secrets['wrong secret']}\n`);
  write('secrets-odd.csv', `file,secret\n"${secrets.secret}\n${secrets['wrong secret']},,,\n`);
  write('secrets-odd.json', `{"device.pem": "${secrets.secret}", ${secrets['wrong secret']}`);
  write('not-measures.ndjson', 'no json\n{"nope":1}\n');
  mkdirSync(join(folder, 'many'));
  for (const name of ['device.pem', 'cut.pem', 'plain.pem'])
    copyFileSync(join(folder, name), join(folder, 'many', name));
  return folder;
}

function damaged(pem: string): string {
  const lines = pem.split('\n');
  lines[12] = `${lines[12]?.slice(0, 30) ?? ''}!`;
  return lines.join('\n');
}

/** Exit code and arguments; files are named as in `makeInputs`. */
type Row = readonly [expected: number, ...args: string[]];

/** What may hold the key: what it was made to hold it. */
const keyFiles = /^(?:.*newcert\.pem|.*private\.key|combined\.pem|k)$/;

interface Findings {
  readonly status: number | null;
  readonly children: number;
  /** Where something was found, and what. */
  readonly found: readonly (readonly [where: string, what: readonly string[]])[];
  /** Files that hold a key and that others can read. */
  readonly open: readonly string[];
}

const clean = { children: 0, found: [], open: [] };

async function run(args: readonly string[]): Promise<Findings> {
  const folder = makeInputs();
  const before = new Set(filesIn(folder));
  const input = args.includes('stdin') ? `${secrets.secret}\n` : '';
  const { status, children, peakMemory: _, ...texts } = await watched(args, { cwd: folder, env, input });
  const created = filesIn(folder).filter((name) => !before.has(name));
  const holdsKey = (name: string): boolean => keyFiles.test(basename(name));
  const contents = created.map((name) => [name, readFileSync(join(folder, name))] as const);
  const found = [...Object.entries(texts), ...contents].map(([name, content]) => {
    return [name, tellTales.foundIn(content, allowedIn(name, args))] as const;
  });
  return {
    status,
    children,
    found: found.filter(([, what]) => what.length > 0),
    open: created.filter((name) => holdsKey(name) && (statSync(join(folder, name)).mode & 0o077) !== 0),
  };
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => statSync(join(folder, name)).isFile());
}

/** The key in the file that is there to hold it; a secret in the arguments where the user put it there. */
function allowedIn(name: string, args: readonly string[]): readonly string[] {
  if (keyFiles.test(basename(name))) return privateNames;
  if (name !== 'commandLines') return [];
  return Object.entries(secrets)
    .filter(([, secret]) => args.some((argument) => argument.includes(secret)))
    .map(([what]) => what);
}

const privateNames = tellTales.foundIn(keyPem);

/** With a name that is the same in every run. */
const usual = (rows: readonly Row[]): [string, Row][] =>
  rows.map(([status, ...args]) => {
    const shown = args
      .join(' ')
      .replaceAll(where.join(' '), '--host SANDBOX')
      .replaceAll(secrets.secret, 'SECRET');
    return [shown.replaceAll(`:${sandbox.port}`, ':SANDBOX'), [status, ...args]];
  });

/** As text and as JSON; each says where an error came from, too, and the packages below are asked to say all. */
const asTextAndJson = (args: readonly string[]): Promise<Findings[]> =>
  Promise.all([run(args), run([...args, '--json'])]);

describe('no secret and no key in what a command says or writes', () => {
  test.each(
    usual([
      [0, 'strip', 'device.pem', ...passin],
      [0, 'strip', 'device.pem', ...passin, '--split'],
      [0, 'strip', 'device.pem', '--passin', 'stdin'],
      [0, 'strip', 'device.pem', '--passin', `pass:${secrets.secret}`],
      [0, 'strip', 'device.pem', ...passin, '--key-format', 'traditional', '--certificates', 'leaf'],
      [0, 'strip', 'download.json'],
      [0, 'strip', 'service-key.json'],
      [0, 'strip', 'plain.pem'],
      [0, 'strip', 'literal.pem', ...passin],
      [2, 'strip', 'device.pem'],
      [2, 'strip', 'device.pem', ...wrong],
      [2, 'strip', 'device.pem', '--passin', secrets['wrong secret'].slice(0, 4)],
      [2, 'strip', 'cut.pem', ...passin],
      [2, 'strip', 'damaged.pem', ...passin],
      [2, 'strip', 'plain-damaged.pem'],
      [2, 'strip', 'unlabelled.pem'],
      [2, 'strip', 'key-only-garbage.txt'],
      [2, 'strip', 'download-wrong.json'],
      [2, 'strip', 'download-cut.json'],
      [2, 'strip', 'download-odd.json'],
      [2, 'strip', 'device.crt', '--key', 'plain-cut.key'],
      [2, 'strip', 'other.crt', '--key', 'plain.key'],
      [2, 'strip', 'device.pem', ...passin, '-o', 'nowhere/newcert.pem'],
      [2, 'strip', 'device.pem', ...passin, '-o', 'device.crt'],
      [3, 'strip', 'device.pem', ...passin, '-o', '/dev/full'],
    ]),
  )('%s', async (_, [status, ...args]) => {
    expect(await asTextAndJson(args)).toEqual([
      { status, ...clean },
      { status, ...clean },
    ]);
  });

  test.each(
    usual([
      [2, 'strip', 'many', '--secrets', 'secrets.csv', '--out-dir', '.'],
      [2, 'strip', 'many', ...passin, '--out-dir', '.'],
      [2, 'strip', 'many', '--secrets', 'secrets-wrong.csv', '--out-dir', '.'],
      [2, 'strip', 'many', '--secrets', 'secrets-odd.csv', '--out-dir', '.'],
      [2, 'strip', 'many', '--secrets', 'secrets-odd.json', '--out-dir', '.'],
      [2, 'check', 'many', '--secrets', 'secrets.csv', ...where],
    ]),
  )('%s', async (_, [status, ...args]) => {
    expect(await asTextAndJson(args)).toEqual([
      { status, ...clean },
      { status, ...clean },
    ]);
  });

  test.each(
    usual([
      [0, 'split', 'device.pem', ...passin],
      [0, 'split', 'device.pem', ...passin, '--cert-out', 'c', '--key-out', 'k'],
      [2, 'split', 'device.pem', ...wrong],
      [2, 'split', 'plain-damaged.pem'],
      [0, 'combine', '--key', 'plain.key', '--cert', 'device.crt'],
      [0, 'combine', '--key', 'plain.key', '--cert', 'device.crt', '--p12', 'x.p12', '--passout', 'env:NEW'],
      [
        0,
        'combine',
        '--key',
        'plain.key',
        '--cert',
        'device.crt',
        '--encrypt',
        '--passout',
        'env:NEW',
        '-o',
        'x.pem',
      ],
      [2, 'combine', '--key', 'plain.key', '--cert', 'other.crt'],
      [2, 'combine', '--key', 'plain-cut.key', '--cert', 'device.crt'],
      [2, 'combine', '--key', 'device.pem', '--cert', 'device.crt', ...wrong],
      [2, 'combine', '--key', 'plain.key', '--cert', 'device.crt', '--encrypt'],
      [0, 'inspect', 'device.pem'],
      [0, 'inspect', 'device.pem', ...passin],
      [0, 'inspect', 'plain.pem', 'download.json'],
      [1, 'inspect', 'device.pem', ...passin, '--expires-within', '4000d'],
      [2, 'inspect', 'device.pem', ...wrong],
      [2, 'inspect', 'plain-damaged.pem'],
      [2, 'inspect', 'unlabelled.pem'],
      [2, 'inspect', 'download-odd.json'],
      [2, 'explain', 'nonsense', '0x87x'],
      [0, 'explain', 'rc=3'],
    ]),
  )('%s', async (_, [status, ...args]) => {
    expect(await asTextAndJson(args)).toEqual([
      { status, ...clean },
      { status, ...clean },
    ]);
  });

  // From here on one after the other: a device can connect only once.
  test.each(
    usual([
      [
        0,
        'check',
        'device.pem',
        ...passin,
        ...where,
        ...login,
        '--trace',
        '--report',
        'r.html',
        '--pcap',
        'c.pcapng',
      ],
      [
        0,
        'check',
        'device.pem',
        ...passin,
        ...where,
        '--tls-version',
        '1.2',
        '--measure',
        '{"capabilityAlternateId":"c","sensorAlternateId":"s","measures":[["1"]]}',
        '--trace',
        '--report',
        'r.html',
        '--no-redact',
      ],
      [0, 'check', 'plain.pem', ...where, '--trace'],
      [2, 'check', 'device.pem', ...wrong, ...where, '--trace', '--report', 'r.html'],
      [2, 'check', 'plain-damaged.pem', ...where, '--report', 'r.html'],
      [
        1,
        'check',
        'device.pem',
        ...passin,
        ...where,
        ...login,
        '--client-id',
        'other',
        '--trace',
        '--report',
        'r.html',
        '--no-redact',
      ],
      [
        1,
        'check',
        'device.pem',
        ...passin,
        '--host',
        `127.0.0.1:${sandbox.port}`,
        ...login,
        '--trace',
        '--report',
        'r.html',
      ],
      [
        1,
        'check',
        'device.pem',
        ...passin,
        '--host',
        '127.0.0.1:1',
        ...login,
        '--trace',
        '--report',
        'r.html',
      ],
      [2, 'check', 'device.pem', ...passin, '--host', `mqtts://u:${secrets['MQTT password']}@127.0.0.1`],
    ]),
  )('%s', async (_, [status, ...args]) => {
    expect(await run(args)).toEqual({ status, ...clean });
    expect(await run([...args, '--json'])).toEqual({ status, ...clean });
  });

  test.each(
    usual([
      [0, 'send', 'device.pem', ...passin, ...where, ...login, ...measure],
      [
        1,
        'send',
        'device.pem',
        ...passin,
        ...where,
        ...login,
        '--file',
        'not-measures.ndjson',
        '--refused',
        'refused.ndjson',
      ],
      [2, 'send', 'device.pem', ...wrong, ...where, ...measure],
      [2, 'send', 'plain-damaged.pem', ...where, ...measure],
      [1, 'send', 'device.pem', ...passin, '--host', `127.0.0.1:${sandbox.port}`, ...login, ...measure],
      [1, 'send', 'device.pem', ...passin, '--host', '127.0.0.1:1', ...login, ...measure],
    ]),
  )('%s', async (_, [status, ...args]) => {
    expect(await run(args)).toEqual({ status, ...clean });
    expect(await run([...args, '--json'])).toEqual({ status, ...clean });
  });
});

describeWithPeer('openssl', 'an opened key leaves no trace either', () => {
  test('in what is written for others: the certificate and PKCS#12', async () => {
    const folder = makeInputs();
    const args = [
      'combine',
      '--key',
      'plain.key',
      '--cert',
      'device.crt',
      '--p12',
      'x.p12',
      '--passout',
      'env:NEW',
    ];
    expect(await watched(args, { cwd: folder, env })).toMatchObject({ status: 0 });
    const opened = await openssl(['pkcs12', '-in', join(folder, 'x.p12'), '-nodes', '-passin', 'env:NEW'], {
      env,
    });
    expect(tellTales.foundIn(opened)).toEqual(privateNames);
    expect(tellTales.foundIn(readFileSync(join(folder, 'x.p12')))).toEqual([]);
  });
});
