import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
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
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { describeWithPeer } from '../support/peers.js';
import { openssl, repository, run, sapcert } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';
import { makeFolder } from './many.js';

// The real command over trees as people have them.

const root = temporaryFolder();
const bin = join(repository, 'bin/sapcert.cjs');
const isRoot = process.getuid?.() === 0;

interface Document {
  readonly input: string;
  readonly status: string;
  readonly error?: { readonly code: string };
}

const documents = (stdout: Buffer | string): Document[] =>
  stdout
    .toString()
    .split('\n')
    .filter(Boolean)
    .map((line): Document => JSON.parse(line));

const inShort = (stdout: Buffer): string[] =>
  documents(stdout).map(({ input, status, error }) => `${input}: ${error?.code ?? status}`);

const names = [
  'a',
  'plant 1/Halle Süd/b',
  "plant 1/o'brien & co/c",
  '日本/d',
  'deep/1/2/3/4/5/e',
  '-dash/-f',
];

/** The stripped files below a folder, by name. */
const stripped = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.newcert.pem'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

describeWithPeer('openssl', 'odd trees', () => {
  const tree = join(root, 'tree');

  beforeAll(async () => {
    await makeFolder(tree, names, '/CN=deviceAlternateId:pump-6|gatewayId:1');
  });

  const newFolder = (): string => mkdtempSync(join(root, 'f-'));
  const copyOf = (name: string, target: string): void => {
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(tree, `${name}.pem`), target);
    writeFileSync(target.replace(/\.\w+$/, '.secret'), readFileSync(join(tree, `${name}.secret`)), {
      mode: 0o600,
    });
  };

  /** More than fit into a pipe as results: who reads the first can still change what becomes of the last. */
  const many = (folder: string): void => {
    for (let index = 100; index < 500; index++) copyOf('a', join(folder, `d${index}.pem`));
  };

  test('spaces, letters of all kinds, depth, hyphens in front: all are found, and keep their folders', async () => {
    const out = newFolder();
    const ran = await sapcert(['strip', tree, '--out-dir', out, '--json']);
    expect(ran.status).toBe(0);
    expect(inShort(ran.stdout).toSorted()).toEqual(names.map((name) => `${name}.pem: done`).toSorted());
    expect([...stripped(out).keys()].toSorted()).toEqual(
      names.map((name) => `${name}.newcert.pem`).toSorted(),
    );
  });

  test('a mixed folder: what holds keys is taken, what is cut or empty is said, the rest is left alone', async () => {
    const folder = newFolder();
    copyOf('a', join(folder, 'a.pem'));
    const [key, certificate] = [join(root, 'key.pem'), join(root, 'certificate.pem')];
    writeFileSync(
      key,
      await openssl(['rsa', '-in', join(folder, 'a.pem'), '-passin', `file:${join(folder, 'a.secret')}`]),
    );
    writeFileSync(certificate, await openssl(['x509', '-in', join(folder, 'a.pem')]));
    const store = await openssl([
      'pkcs12',
      '-export',
      '-inkey',
      key,
      '-in',
      certificate,
      '-passout',
      'pass:s3cret-p12',
    ]);
    writeFileSync(join(folder, 'store.p12'), store);
    writeFileSync(join(folder, 'store.secret'), 's3cret-p12\n', { mode: 0o600 });
    writeFileSync(
      join(folder, 'download.json'),
      JSON.stringify({ secret: 's3cret-p12', p12: store.toString('base64') }),
    );
    writeFileSync(join(folder, 'ca.der'), await openssl(['x509', '-in', certificate, '-outform', 'der']));
    writeFileSync(join(folder, 'ca.crt'), readFileSync(certificate));
    writeFileSync(join(folder, 'cut.p12'), store.subarray(0, 3));
    writeFileSync(join(folder, 'empty.pem'), '');
    writeFileSync(join(folder, 'notes.txt'), 'PEM files of the plant\n');
    writeFileSync(join(folder, 'list.json'), '[]');
    await run('mkfifo', [join(folder, 'pipe.pem')]);
    const ran = await sapcert(['strip', folder, '--out-dir', newFolder(), '--json']);
    expect(ran.status).toBe(2);
    expect(inShort(ran.stdout)).toEqual([
      'a.pem: done',
      expect.stringMatching(/^cut\.p12: file\./),
      'download.json: done',
      'empty.pem: file.empty',
      'store.p12: done',
    ]);
    const looked = await sapcert(['inspect', folder, '--json']);
    expect(
      documents(looked.stdout)
        .filter(({ status }) => status === 'done')
        .map(({ input }) => input),
    ).toEqual(['a.pem', 'ca.crt', 'ca.der', 'download.json', 'store.p12']);
  });

  test('links in circles, links to nowhere, and links to files', async () => {
    const folder = newFolder();
    copyOf('a', join(folder, 'a.pem'));
    mkdirSync(join(folder, 'sub'));
    symlinkSync('..', join(folder, 'sub/up'));
    symlinkSync('circle.pem', join(folder, 'circle.pem'));
    symlinkSync('/nowhere', join(folder, 'gone.pem'));
    // As Kubernetes mounts secrets: each file is a link through a hidden folder.
    mkdirSync(join(folder, 'mount/..data'), { recursive: true });
    copyOf('plant 1/Halle Süd/b', join(folder, 'mount/..data/b.pem'));
    for (const name of ['b.pem', 'b.secret']) symlinkSync(`..data/${name}`, join(folder, 'mount', name));
    const ran = await sapcert(['strip', folder, '--out-dir', newFolder(), '--json']);
    expect(inShort(ran.stdout)).toEqual([
      'a.pem: done',
      'circle.pem: file.unreadable',
      'gone.pem: file.not-found',
      'mount/b.pem: done',
    ]);
    expect(ran.status).toBe(2);
  });

  test('files and folders that may not be read stop nothing, and none is passed over', async () => {
    const folder = newFolder();
    for (const name of ['a', 'closed', 'shut/b']) copyOf('a', join(folder, `${name}.pem`));
    for (const name of ['a.pem', 'a.secret']) chmodSync(join(folder, name), 0o644);
    chmodSync(join(folder, 'closed.pem'), 0o000);
    chmodSync(join(folder, 'shut'), 0o000);
    for (const name of [root, folder]) chmodSync(name, 0o755);
    const out = newFolder();
    chmodSync(out, 0o777);
    const command = [process.execPath, bin, 'strip', folder, '--out-dir', out, '--json'];
    const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...command];
    const [program = '', ...args] = isRoot ? asNobody : command;
    const ran = await run(program, args);
    chmodSync(join(folder, 'shut'), 0o700);
    expect(inShort(ran.stdout)).toEqual([
      'a.pem: done',
      'closed.pem: file.unreadable',
      'shut: file.unreadable',
    ]);
    expect(ran.status).toBe(2);
  });

  test('one name in two folders', async () => {
    const [one, two, out] = [newFolder(), newFolder(), newFolder()];
    for (const folder of [one, two]) copyOf('a', join(folder, 'a.pem'));
    const ran = await sapcert(['strip', one, two, '--out-dir', out, '--json']);
    expect(inShort(ran.stdout)).toEqual([
      `${join(one, 'a.pem')}: done`,
      `${join(two, 'a.pem')}: output.collision`,
    ]);
    const beside = await sapcert(['strip', one, two, join(one, 'a.pem'), `${one}/./a.pem`, '--json']);
    expect(inShort(beside.stdout)).toEqual([`${join(one, 'a.pem')}: done`, `${join(two, 'a.pem')}: done`]);
  });

  test('files that vanish while it runs are failures of their own', async () => {
    const [folder, out] = [newFolder(), newFolder()];
    many(folder);
    const child = spawn(process.execPath, [bin, 'strip', folder, '--out-dir', out, '--json']);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdout.once('data', () => rmSync(join(folder, 'd499.pem')));
    const [status] = (await once(child, 'close')) as [number];
    const results = inShort(Buffer.concat(chunks));
    expect(results).toHaveLength(400);
    expect(results.slice(0, 399).every((line) => line.endsWith(': done'))).toBe(true);
    expect({ status, last: results[399] }).toEqual({ status: 2, last: 'd499.pem: file.not-found' });
  });

  test('killed in the middle, then --resume: whole files only, all of them, and no key is left lying about', async () => {
    const [folder, out] = [newFolder(), newFolder()];
    for (let index = 100; index < 180; index++) copyOf('a', join(folder, `d${index}.pem`));
    const child = spawn(process.execPath, [bin, 'strip', folder, '--out-dir', out, '--json']);
    child.stdout.once('data', () => child.kill('SIGKILL'));
    await once(child, 'close');
    const before = stripped(out);
    expect(before.size).toBeGreaterThan(0);
    // As if some time had gone by.
    for (const name of readdirSync(out))
      utimesSync(join(out, name), 1, statSync(join(out, name)).mtimeMs / 1000 - 60);
    const again = await sapcert(['strip', folder, '--out-dir', out, '--json', '--resume']);
    expect(again.status).toBe(0);
    const statuses = documents(again.stdout).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'skipped')).toHaveLength(before.size);
    expect(statuses.filter((status) => status === 'done')).toHaveLength(80 - before.size);
    const after = stripped(out);
    for (const [name, content] of before) expect(after.get(name)).toBe(content);
    expect(new Set(after.values()).size).toBe(1);
    expect(readdirSync(out)).toHaveLength(80);
  });

  test.each(['strip', 'inspect'])(
    'Ctrl-C ends %s with exit code 3, after what is under way',
    async (command) => {
      const [folder, out] = [newFolder(), newFolder()];
      many(folder);
      const args = command === 'strip' ? ['--out-dir', out] : [];
      const child = spawn(process.execPath, [bin, command, folder, '--json', ...args]);
      const chunks: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
      child.stdout.once('data', () => child.kill('SIGINT'));
      const [status] = (await once(child, 'close')) as [number];
      const all = documents(Buffer.concat(chunks));
      expect({ status, last: all.at(-1)?.error?.code }).toEqual({ status: 3, last: 'interrupted' });
      expect(all.length).toBeLessThan(400);
      if (command === 'strip') expect(stripped(out).size).toBe(all.length - 1);
      expect(readdirSync(out).filter((name) => name.startsWith('.sapcert'))).toEqual([]);
    },
  );
});
