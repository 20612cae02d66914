import { X509Certificate } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expandPattern } from '../../src/fleet/glob.js';
import { expandInputs, type NamedInput } from '../../src/fleet/index.js';
import {
  leaveOut,
  type LeaveOut,
  whereNothingIsWritten,
  whereOutputsAreWritten,
} from '../../src/fleet/left-out.js';
import { nameOutputs } from '../../src/fleet/names.js';
import { fixtures, run } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const plainKey = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
const found = (...inputs: string[]): readonly NamedInput[] =>
  leaveOut(expandInputs({ inputs }), whereOutputsAreWritten).inputs;

beforeAll(() => {
  for (const sub of ['plant', 'plant/hall 2', 'plant/.hidden', 'plant/empty']) mkdirSync(at(sub));
  for (const name of ['a.pem', 'b.pem', 'hall 2/a.pem', '.hidden/x.pem', '.x.pem']) {
    copyFileSync(join(fixtures, 'device.pem'), at('plant', name));
  }
  copyFileSync(join(fixtures, 'download.json'), at('plant/hall 2/download.json'));
  copyFileSync(join(fixtures, 'sap-ca.crt'), at('plant/sap-ca.crt'));
  copyFileSync(join(fixtures, 'device.secret'), at('plant/a.secret'));
  for (const name of ['a.newcert.pem', 'a.private.key']) writeFileSync(at('plant', name), plainKey);
  copyFileSync(join(fixtures, 'sap-ca.crt'), at('plant/a.certificate.crt'));
  writeFileSync(at('plant/README.md'), '# Devices\n');
  writeFileSync(at('plant/notes.json'), '{"name": "plant"}');
  writeFileSync(at('plant/nothing.txt'), '');
  writeFileSync(at('plant/ca.der'), new X509Certificate(readFileSync(join(fixtures, 'sap-ca.crt'))).raw);
  symlinkSync(at('plant/b.pem'), at('plant/link.pem'));
});

const pathsOf = (...inputs: string[]): string[] => expandInputs({ inputs }).map(({ path }) => path);

describe('inputs', () => {
  test('a folder gives what holds a private key, and nothing that sapcert wrote', () => {
    const inFolder = true;
    expect(found(at('plant'))).toEqual([
      { path: at('plant/a.pem'), name: 'a.pem', folder: '', inFolder },
      { path: at('plant/b.pem'), name: 'b.pem', folder: '', inFolder },
      { path: at('plant/hall 2/a.pem'), name: 'hall 2/a.pem', folder: 'hall 2', inFolder },
      { path: at('plant/hall 2/download.json'), name: 'hall 2/download.json', folder: 'hall 2', inFolder },
      { path: at('plant/link.pem'), name: 'link.pem', folder: '', inFolder },
    ]);
  });

  test('what is named is taken as it is, in that order, once', () => {
    const inputs = [
      at('plant/sap-ca.crt'),
      at('missing.pem'),
      '-',
      at('plant/./b.pem'),
      at('plant/b.pem'),
      '-',
    ];
    expect(pathsOf(...inputs)).toEqual(inputs.slice(0, 4));
  });

  test('a pattern that matches nothing stays, so that somebody says so', () => {
    expect(pathsOf(at('*.nothing'))).toEqual([at('*.nothing')]);
  });

  test('a file whose name looks like a pattern is that file', () => {
    writeFileSync(at('odd[1].pem'), 'x');
    expect(pathsOf(at('odd[1].pem'))).toEqual([at('odd[1].pem')]);
  });

  test('a list as PowerShell writes it', () => {
    writeFileSync(
      at('list16'),
      Buffer.from(`\ufeff${at('plant/a.pem')}\r\n${at('gerät.pem')}\r\n`, 'utf16le'),
    );
    expect(expandInputs({ inputs: [], listFile: at('list16') }).map(({ name }) => name)).toEqual([
      at('plant/a.pem'),
      at('gerät.pem'),
    ]);
  });

  test.each(['\n', '\r\n', '\0'])('a list with %j between its lines', (separator) => {
    const lines = [at('plant/a.pem'), '', at('plant/hall 2'), at('missing.pem')];
    writeFileSync(at('list'), lines.join(separator) + separator);
    expect(expandInputs({ inputs: [], listFile: at('list') }).map(({ name }) => name)).toEqual([
      at('plant/a.pem'),
      'a.pem',
      'download.json',
      at('missing.pem'),
    ]);
  });
});

describe('a folder', () => {
  test.each<[string, string | Uint8Array, boolean, boolean]>([
    ['certificate.cer', new X509Certificate(readFileSync(join(fixtures, 'sap-ca.crt'))).raw, false, true],
    ['cut.p12', Uint8Array.of(0x30, 0x82, 0x05), true, true],
    ['key.der', Uint8Array.of(0x30, 0x05, 0x02, 0x01, 0x00, 0x05, 0x00), true, true],
    ['encrypted.der', Uint8Array.of(0x30, 0x06, 0x30, 0x04, 0x06, 0x02, 0x2a, 0x03), true, true],
    ['ber.p12', Uint8Array.of(0x30, 0x80, 0x02, 0x01, 0x03), true, true],
    ['failed.pem', '', true, true],
    ['nothing.txt', '', false, false],
    ['request.pem', '-----BEGIN CERTIFICATE REQUEST-----\n', false, false],
    ['trusted.pem', '-----BEGIN TRUSTED CERTIFICATE-----\n', false, true],
    ['notes.json', '{"name": "plant"}', false, false],
    ['download.json', ' {"p12": "MII', true, true],
    ['binding.json', String.raw`{"certificate": "-----BEGIN CERTIFICATE-----\nMII`, true, true],
    ['onboarding.json', '{"authentication": {"type": "P12", "certificate": "MIIKz', true, true],
    // As the sandbox keeps in its folder.
    ['sandbox.json', '{"devices": [{"certificate": "good", "bundle": "device-1.pem"}]}', false, false],
  ])('%s is taken: for strip %s, for inspect %s', (name, content, keys, certificates) => {
    const place = at(`one ${name}`);
    mkdirSync(place);
    writeFileSync(join(place, name), content);
    const taken = (wanted: 'keys' | 'keys-and-certificates'): boolean =>
      expandInputs({ inputs: [place] }, wanted).length === 1;
    expect([taken('keys'), taken('keys-and-certificates')]).toEqual([keys, certificates]);
  });
});

describe('what belongs to other inputs is left out', () => {
  const lot = 'lot';
  const files = {
    'a.pem': 'bundle',
    'a.newcert.pem': 'plain',
    'a.private.key': 'plain',
    'a.certificate.crt': 'certificate',
    'a.secret': 'secret',
    'b.newcert.pem': 'plain',
    'b.private.key': 'plain',
    'c.pem': 'bundle',
    'c.newcert.pem': 'bundle',
  };

  beforeAll(() => {
    mkdirSync(at(lot));
    for (const [name, what] of Object.entries(files)) {
      if (what === 'plain') writeFileSync(at(lot, name), plainKey);
      else {
        const source = { bundle: 'device.pem', certificate: 'sap-ca.crt' }[what] ?? 'device.secret';
        copyFileSync(join(fixtures, source), at(lot, name));
      }
    }
  });

  const everything = Object.keys(files).map((name) => join(lot, name));
  const leftOut = (inputs: readonly string[], rule: LeaveOut): string[] =>
    leaveOut(expandInputs({ inputs: inputs.map((path) => at(path)) }), rule).leftOut.map(({ path }) =>
      relative(at(lot), path),
    );
  const ofA = ['a.newcert.pem', 'a.private.key', 'a.certificate.crt', 'a.secret'];

  test.each<[string, readonly string[], LeaveOut, readonly string[]]>([
    // A shell makes one word a file of a pattern: a second run must be about the bundles of the first.
    [
      'words of a shell, where outputs are written',
      everything,
      whereOutputsAreWritten,
      [...ofA, 'b.private.key'],
    ],
    ['words of a shell, where somebody only looks', everything, whereNothingIsWritten, ['a.secret']],
    [
      'a pattern, where somebody only looks',
      [`${lot}/*`],
      whereNothingIsWritten,
      [...ofA.toSorted(), 'b.private.key'],
    ],
    [
      'a folder, where outputs are written',
      [lot],
      whereOutputsAreWritten,
      ['a.newcert.pem', 'a.private.key', 'b.newcert.pem', 'b.private.key'],
    ],
    [
      'a folder, where somebody only looks',
      [lot],
      whereNothingIsWritten,
      ['a.newcert.pem', 'a.private.key', 'b.private.key'],
    ],
    ['an output alone', [`${lot}/a.newcert.pem`], whereOutputsAreWritten, []],
    [
      'an output of a bundle in another folder',
      [`${lot}/a.newcert.pem`, 'plant/a.pem'],
      whereOutputsAreWritten,
      [],
    ],
  ])('%s', (_name, inputs, rule, expected) => {
    expect(leftOut(inputs, rule)).toEqual(expected);
  });
});

describe('patterns give what bash gives', () => {
  test.each([
    '*.pem',
    'plant/*.pem',
    'plant/?.pem',
    'plant/[ab].pem',
    'plant/[!a].pem',
    'plant/[b-z]*.pem',
    'plant/{a,b}.pem',
    'plant/{a,hall 2/{a,download}}.{pem,json}',
    'plant/.x.pem',
    'plant/.*.pem',
    'plant/**/*.pem',
    '**/a.pem',
    'plant/*/a.pem',
    'plant/a.(pem|key)',
    'nowhere/*',
  ])('%s', async (pattern) => {
    // The spaces of a pattern are escaped for bash; a brace alternative that is no pattern is kept by it, even if
    // there is no such file, so only files count.
    const script = `shopt -s globstar nullglob; for f in ${pattern.replace(/[ ()|]/g, String.raw`\$&`)}; do [ -f "$f" ] && printf '%s\\n' "$f"; done; true`;
    const { stdout } = await run('bash', ['-c', script], { cwd: folder });
    const expected = stdout
      .toString()
      .split('\n')
      .filter(Boolean)
      .map((path) => at(path));
    expect(expandPattern(at(pattern))).toEqual([...new Set(expected)].toSorted());
  });
});

describe('names of outputs', () => {
  const named = (inputs: string[], naming = {}): unknown =>
    [...nameOutputs(found(...inputs), naming)].map(({ outputs, error }) => error?.message ?? outputs);

  test('beside the input, or in one folder', () => {
    expect(named([at('plant/a.pem')])).toEqual([{ combined: at('plant/a.newcert.pem') }]);
    expect(named([at('plant/a.pem')], { folder: at('out'), split: true })).toEqual([
      {
        combined: at('out/a.newcert.pem'),
        privateKey: at('out/a.private.key'),
        certificate: at('out/a.certificate.crt'),
      },
    ]);
    expect(named(['-'])).toEqual([{ combined: 'stdin.newcert.pem' }]);
  });

  test('the folders below one that was given are kept', () => {
    expect(named([at('plant')], { folder: at('out') })).toEqual([
      { combined: at('out/a.newcert.pem') },
      { combined: at('out/b.newcert.pem') },
      { combined: at('out/hall 2/a.newcert.pem') },
      { combined: at('out/hall 2/download.newcert.pem') },
      { combined: at('out/link.newcert.pem') },
    ]);
  });

  test('two inputs never get the same name', () => {
    const [first, second] = [at('plant/a.pem'), at('plant/hall 2/a.pem')];
    expect(named([first, second], { folder: at('out') })).toEqual([
      { combined: at('out/a.newcert.pem') },
      `${second}: its output would have the name of the one of ${first}`,
    ]);
    expect(named([at('x.pem'), at('x.p12'), at('y.pem')])).toEqual([
      { combined: at('x.newcert.pem') },
      `${at('x.p12')}: its output would have the name of the one of ${at('x.pem')}`,
      { combined: at('y.newcert.pem') },
    ]);
  });

  test('no output gets the name of an input', () => {
    expect(named([at('x.newcert.pem'), at('x.pem')])).toEqual([
      { combined: at('x.newcert.newcert.pem') },
      `${at('x.pem')}: its output would replace the input ${at('x.newcert.pem')}`,
    ]);
  });
});
