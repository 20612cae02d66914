import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { expandPattern } from '../../src/fleet/glob.js';
import { expandInputs } from '../../src/fleet/index.js';
import { nameOutputs } from '../../src/fleet/names.js';
import { fixtures, run } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);

beforeAll(() => {
  for (const sub of ['plant', 'plant/hall 2', 'plant/.hidden', 'plant/empty']) mkdirSync(at(sub));
  for (const name of ['a.pem', 'b.pem', 'hall 2/a.pem', '.hidden/x.pem', '.x.pem']) {
    copyFileSync(join(fixtures, 'device.pem'), at('plant', name));
  }
  copyFileSync(join(fixtures, 'download.json'), at('plant/hall 2/download.json'));
  copyFileSync(join(fixtures, 'sap-ca.crt'), at('plant/sap-ca.crt'));
  for (const name of ['a.secret', 'a.newcert.pem', 'a.private.key', 'a.certificate.crt']) {
    copyFileSync(join(fixtures, 'device.pem'), at('plant', name));
  }
  writeFileSync(at('plant/README.md'), '# Devices\n');
  writeFileSync(at('plant/notes.json'), '{"name": "plant"}');
  writeFileSync(at('plant/nothing.pem'), '');
  symlinkSync(at('plant/b.pem'), at('plant/link.pem'));
});

const pathsOf = (...inputs: string[]): string[] => expandInputs({ inputs }).map(({ path }) => path);

describe('inputs', () => {
  test('a folder gives what holds a private key, and nothing that sapcert wrote', () => {
    expect(expandInputs({ inputs: [at('plant')] })).toEqual([
      { path: at('plant/a.pem'), name: 'a.pem', folder: '' },
      { path: at('plant/b.pem'), name: 'b.pem', folder: '' },
      { path: at('plant/hall 2/a.pem'), name: 'hall 2/a.pem', folder: 'hall 2' },
      { path: at('plant/hall 2/download.json'), name: 'hall 2/download.json', folder: 'hall 2' },
      { path: at('plant/link.pem'), name: 'link.pem', folder: '' },
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
    [...nameOutputs(expandInputs({ inputs }), naming)].map(({ outputs, error }) => error?.message ?? outputs);

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
