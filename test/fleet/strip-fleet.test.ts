import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { stripBundle } from '../../src/bundle/index.js';
import { stripFleet, type StripFleetOptions, stripMany } from '../../src/fleet/index.js';
import { describeWithPeer } from '../support/peers.js';
import { fixtures } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';
import { collect, inShort, makeFolder } from './many.js';

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const plain = (name: string): string => readFileSync(at('in', name), 'utf8');

async function fleet(options: Partial<StripFleetOptions> = {}): Promise<string[]> {
  const { results } = stripFleet({
    inputs: [at('in')],
    threads: 1,
    output: { folder: at('out') },
    ...options,
  });
  return (await collect(results)).map(inShort);
}

describeWithPeer('openssl', 'stripFleet', () => {
  beforeAll(async () => {
    await makeFolder(
      at('in'),
      ['a', 'b', 'c', 'hall/d', 'hall/e'],
      '/CN=deviceAlternateId:pump-7|gatewayId:1',
    );
    copyFileSync(join(fixtures, 'download.json'), at('in/download.json'));
    copyFileSync(join(fixtures, 'device-chain.pem'), at('in/chain.pem'));
    copyFileSync(join(fixtures, 'device-chain.secret'), at('in/chain.secret'));
    chmodSync(at('in/chain.secret'), 0o600);
  });

  beforeEach(() => {
    rmSync(at('out'), { recursive: true, force: true });
    mkdirSync(at('out'));
  });

  const names = ['a.pem', 'b.pem', 'c.pem', 'chain.pem', 'download.json', 'hall/d.pem', 'hall/e.pem'];
  const all = (outcome: string): string[] => names.map((name) => `${name}: ${outcome}`);

  test('writes what stripBundle gives, for itself alone to read', async () => {
    expect(await fleet({ output: { folder: at('out'), split: true } })).toEqual(
      all('done written written written'),
    );
    for (const name of names) {
      const path = at('out', name.replace(/\.\w+$/, ''));
      const secretFile = at('in', name.replace(/\.\w+$/, '.secret'));
      const passphrase = name.endsWith('.json') ? undefined : readFileSync(secretFile, 'utf8').trim();
      const expected = await stripBundle(readFileSync(at('in', name)), { passphrase });
      expect(readFileSync(`${path}.newcert.pem`, 'utf8')).toBe(expected.combined);
      expect(readFileSync(`${path}.private.key`, 'utf8')).toBe(expected.privateKey);
      expect(readFileSync(`${path}.certificate.crt`, 'utf8')).toBe(expected.certificate);
      expect(
        [`${path}.newcert.pem`, `${path}.private.key`].map((file) => statSync(file).mode & 0o777),
      ).toEqual([0o600, 0o600]);
    }
    expect(statSync(at('out/hall')).mode & 0o777).toBe(0o700);
  });

  test('writes beside the inputs, and gives the same result to whoever wants it as text', async () => {
    const [result] = await collect(stripMany([{ name: 'a', path: at('in/a.pem') }], { threads: 1 }));
    expect(result).toMatchObject({ status: 'done', input: 'a', written: [] });
    expect(await fleet({ inputs: [at('in/a.pem')], output: {} })).toEqual([
      `${at('in/a.pem')}: done written`,
    ]);
    expect(result).toHaveProperty('stripped.combined', plain('a.newcert.pem'));
    rmSync(at('in/a.newcert.pem'));
  });

  describe('a rerun', () => {
    test('finds everything unchanged', async () => {
      await fleet();
      expect(await fleet()).toEqual(all('done unchanged'));
    });

    test('with resume does without secrets', async () => {
      await fleet({ output: { folder: at('out'), split: true } });
      const again = { resume: true, secretsFile: undefined, passphrase: 'none of them' };
      expect(await fleet(again)).toEqual(all('skipped unchanged'));
      expect(await fleet({ ...again, output: { folder: at('out'), split: true } })).toEqual(
        all('skipped unchanged unchanged unchanged'),
      );
    });

    test.each<[string, () => void, Partial<StripFleetOptions>]>([
      ['an output that is gone', () => rmSync(at('out/b.newcert.pem')), {}],
      ['an output that others can read', () => chmodSync(at('out/b.newcert.pem'), 0o644), {}],
      [
        'an output with another key',
        () => writeFileSync(at('out/b.newcert.pem'), readFileSync(at('out/chain.newcert.pem'))),
        {},
      ],
      [
        'a cut output',
        () => writeFileSync(at('out/b.newcert.pem'), readFileSync(at('out/b.newcert.pem')).subarray(0, -9)),
        {},
      ],
    ])('does again: %s', async (_name, change) => {
      await fleet();
      change();
      const results = await fleet({ resume: true, overwrite: true });
      expect(results.filter((line) => !line.includes('skipped'))).toHaveLength(1);
      expect(results[1]).toMatch(/^b\.pem: done (?:written|replaced|unchanged)$/);
      expect(await fleet({ resume: true })).toEqual(all('skipped unchanged'));
      expect(statSync(at('out/b.newcert.pem')).mode & 0o777).toBe(0o600);
    });

    // They hold plain keys. In a container every run is process 1, so that a number alone proves nothing.
    test('that has nothing to do removes what a killed run left behind', async () => {
      const output = { folder: mkdtempSync(at('killed-')) };
      await fleet({ output });
      const left = (pid: number, name: string, secondsAgo: number): string => {
        const path = join(output.folder, 'hall', `.sapcert-${pid}-${name.padStart(12, '0')}.tmp`);
        writeFileSync(path, 'x', { mode: 0o600 });
        utimesSync(path, Date.now() / 1000 - secondsAgo, Date.now() / 1000 - secondsAgo);
        return path;
      };
      const nobody = 4_194_305;
      const sinceStart = process.uptime();
      const gone = [
        left(nobody, 'a', 3),
        left(process.pid, 'b', sinceStart + 3),
        left(process.ppid, 'c', 7200),
      ];
      const kept = [left(nobody, 'd', 0), left(process.pid, 'e', 0), left(process.ppid, 'f', 60)];
      jest.resetModules();
      const fresh = await import('../../src/fleet/index.js');
      const { results } = fresh.stripFleet({ inputs: [at('in')], threads: 1, output, resume: true });
      expect((await collect(results)).map(inShort)).toEqual(all('skipped unchanged'));
      expect([...gone, ...kept].filter((path) => existsSync(path))).toEqual(kept);
    });

    test('does again what is wanted in another form', async () => {
      await fleet();
      expect(await fleet({ resume: true, overwrite: true, keyFormat: 'traditional' })).toEqual(
        all('done replaced'),
      );
      expect(await fleet({ resume: true, overwrite: true, keyFormat: 'traditional' })).toEqual(
        all('skipped unchanged'),
      );
      const leafOnly = await fleet({
        resume: true,
        overwrite: true,
        keyFormat: 'traditional',
        certificates: 'leaf',
      });
      expect(leafOnly.filter((line) => !line.includes('skipped'))).toEqual(['chain.pem: done replaced']);
    });

    test('without overwrite leaves what holds something else', async () => {
      await fleet();
      writeFileSync(at('out/b.newcert.pem'), 'mine');
      expect(await fleet({ resume: true })).toEqual(
        names.map((name) => (name === 'b.pem' ? 'b.pem: output.exists' : `${name}: skipped unchanged`)),
      );
      expect(readFileSync(at('out/b.newcert.pem'), 'utf8')).toBe('mine');
    });
  });

  describe('secrets', () => {
    const bare = at('bare');

    beforeAll(() => {
      mkdirSync(bare);
      for (const name of ['a', 'b', 'c']) copyFileSync(at('in', `${name}.pem`), join(bare, `${name}.pem`));
      copyFileSync(join(fixtures, 'device.pem'), join(bare, 'device.pem'));
    });

    const device = readFileSync(join(fixtures, 'device.secret'), 'utf8').trim();
    const fromTable = (table: string, options: Partial<StripFleetOptions> = {}): Promise<string[]> => {
      writeFileSync(at('secrets.csv'), table, { mode: 0o600 });
      return fleet({ inputs: [bare], secretsFile: at('secrets.csv'), ...options });
    };

    test('by path, name, stem and device', async () => {
      const table = `a.pem,S3cret-0!\nb,S3cret-1!\n${join(bare, 'c.pem')},S3cret-2!\npump-0001,${device}\n`;
      expect(await fromTable(table)).toEqual(
        ['a', 'b', 'c', 'device'].map((name) => `${name}.pem: done written`),
      );
    });

    test('one for all that have none of their own', async () => {
      expect(await fromTable('a.pem,S3cret-0!\n', { passphrase: 'S3cret-1!' })).toEqual([
        'a.pem: done written',
        'b.pem: done written',
        'c.pem: key.passphrase-wrong',
        'device.pem: key.passphrase-wrong',
      ]);
    });

    test('missing, with what to do', async () => {
      const { results } = stripFleet({ inputs: [join(bare, 'a.pem')], threads: 1 });
      expect(await collect(results)).toEqual([
        expect.objectContaining({
          status: 'failed',
          error: expect.objectContaining({
            code: 'key.passphrase-missing',
            hint: `name it in a table (--secrets FILE) by file or device, or put it into ${join(bare, 'a.secret')}`,
          }),
        }),
      ]);
    });

    test('a table or a sidecar that others can read is warned of', async () => {
      writeFileSync(at('open.csv'), 'a.pem,x\n', { mode: 0o644 });
      const { warnings } = stripFleet({ inputs: [join(bare, 'a.pem')], secretsFile: at('open.csv') });
      expect(warnings).toEqual([expect.objectContaining({ code: 'passphrase.readable-by-others' })]);
      chmodSync(at('in/a.secret'), 0o644);
      const [result] = await collect(stripMany([{ name: 'a', path: at('in/a.pem') }], { threads: 1 }));
      chmodSync(at('in/a.secret'), 0o600);
      expect(result).toMatchObject({ warnings: [{ code: 'passphrase.readable-by-others' }] });
    });
  });

  describe('what is broken stops nothing', () => {
    test('each with its own reason, in the order of the inputs', async () => {
      writeFileSync(at('cut.pem'), plain('a.pem').slice(0, 900));
      writeFileSync(at('empty.pem'), '');
      writeFileSync(at('readme.md'), '# devices\n');
      const inputs = ['cut.pem', 'in/a.pem', 'empty.pem', 'missing.pem', 'in/b.pem', 'readme.md'];
      expect(await fleet({ inputs: inputs.map((name) => at(name)) })).toEqual([
        `${at('cut.pem')}: file.truncated`,
        `${at('in/a.pem')}: done written`,
        `${at('empty.pem')}: file.empty`,
        // Jest's modules do not know the errors of Node as errors, so that one reason is as good as the other.
        expect.stringMatching(/missing\.pem: file\.(?:not-found|unreadable)$/),
        `${at('in/b.pem')}: done written`,
        `${at('readme.md')}: file.unrecognised`,
      ]);
    });

    test('two inputs with one name for their outputs', async () => {
      mkdirSync(at('twin'), { recursive: true });
      copyFileSync(at('in/a.pem'), at('twin/a.pem'));
      copyFileSync(at('in/a.secret'), at('twin/a.secret'));
      expect(await fleet({ inputs: [at('in/a.pem'), at('twin/a.pem')] })).toEqual([
        `${at('in/a.pem')}: done written`,
        `${at('twin/a.pem')}: output.collision`,
      ]);
    });

    test('an output that is the input, by whatever way', async () => {
      symlinkSync(at('in'), at('other-way'));
      const outputs = { combined: at('other-way/a.pem') };
      const before = plain('a.pem');
      const inputs = [{ name: 'a', path: at('in/a.pem'), outputs }];
      const results = await collect(stripMany(inputs, { overwrite: true }));
      expect(results.map(inShort)).toEqual(['a: output.collision']);
      expect(plain('a.pem')).toBe(before);
    });

    test('there is nothing at all, or no folder for it', () => {
      mkdirSync(at('nothing'), { recursive: true });
      expect(() => stripFleet({ inputs: [at('nothing')] })).toThrow(
        expect.objectContaining({ code: 'usage.invalid' }),
      );
      const output = { folder: at('no/such') };
      expect(() => stripFleet({ inputs: [at('in')], output })).toThrow(
        expect.objectContaining({ code: 'output.not-writable' }),
      );
    });

    test('an interrupt leaves whole files, and resume the rest', async () => {
      const stop = new AbortController();
      const inputs = Array.from({ length: 60 }, (_, index) => ({
        name: `${index}`,
        path: at('in/a.pem'),
        outputs: { combined: at('out', `${index}.newcert.pem`) },
      }));
      const seen: string[] = [];
      const run = async (): Promise<void> => {
        for await (const result of stripMany(inputs, { threads: 1, signal: stop.signal })) {
          seen.push(inShort(result));
          stop.abort();
        }
      };
      await expect(run()).rejects.toMatchObject({ code: 'interrupted' });
      expect(seen.length).toBeLessThan(60);
      expect(readdirSync(at('out'))).toHaveLength(seen.length);
      const results = await collect(stripMany(inputs, { threads: 1, resume: true }));
      expect(results.filter(({ status }) => status === 'skipped')).toHaveLength(seen.length);
      expect(results.filter(({ status }) => status === 'done')).toHaveLength(60 - seen.length);
    });
  });

  test('shards take every input once', async () => {
    const parts = await Promise.all([1, 2, 3].map((index) => fleet({ shard: { index, count: 3 } })));
    expect(parts.flat().toSorted()).toEqual(all('done written'));
  });
});
