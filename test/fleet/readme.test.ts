import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { describeWithPeer, peerEnv } from '../support/peers.js';
import { repository, run } from '../support/run.js';
import { temporaryFolder } from '../support/temp.js';
import { makeFolder } from './many.js';

// What the README tells people to run on more than one machine, taken out of it and run.

const readme = readFileSync(join(repository, 'README.md'), 'utf8');

function blockWith(language: string, words: string): string {
  const blocks = [...readme.matchAll(/^```(\w+)\n([^]*?)^```/gm)];
  const found = blocks.filter(([, kind, text]) => kind === language && text?.includes(words));
  expect(found).toHaveLength(1);
  return found[0]?.[2] ?? '';
}

const root = temporaryFolder();
const names = Array.from({ length: 24 }, (_, index) => (index % 3 === 0 ? `hall ${index}/d` : `d${index}`));
/** `sapcert` as it is on the path of somebody who installed it. */
const path = `${join(root, 'bin')}${delimiter}${peerEnv()['PATH'] ?? ''}`;

function newPlace(): { readonly place: string; readonly outputs: () => string[] } {
  const place = mkdtempSync(join(root, 'place-'));
  const outputs = (): string[] =>
    readdirSync(join(place, 'out'), { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.newcert.pem'))
      .toSorted();
  return { place, outputs };
}

const expected = names.map((name) => `${name}.newcert.pem`).toSorted();

/** Bundles without secrets beside them, and a table. */
async function fill(place: string): Promise<void> {
  await makeFolder(join(place, 'made'), names, '/CN=deviceAlternateId:pump-8|gatewayId:1');
  const rows = names.map((name) => {
    const secret = readFileSync(join(place, 'made', `${name}.secret`), 'utf8').trim();
    const target = join(place, 'in', `${name}.pem`);
    mkdirSync(join(target, '..'), { recursive: true });
    writeFileSync(target, readFileSync(join(place, 'made', `${name}.pem`)));
    return `"${name}.pem",${secret}`;
  });
  writeFileSync(join(place, 'secrets.csv'), `file,secret\n${rows.join('\n')}\n`, { mode: 0o600 });
}

describeWithPeer('openssl', 'the README on more than one machine', () => {
  beforeAll(() => {
    mkdirSync(join(root, 'bin'));
    const command = join(root, 'bin/sapcert');
    writeFileSync(
      command,
      `#!/bin/sh\nexec "${process.execPath}" "${join(repository, 'bin/sapcert.cjs')}" "$@"\n`,
    );
    chmodSync(command, 0o755);
  });

  describeWithPeer('parallel', 'GNU parallel', () => {
    test('the lines as they stand there: everything, and a second time nothing', async () => {
      const { place, outputs } = newPlace();
      await fill(place);
      const lines = blockWith('sh', 'parallel sapcert');
      const first = await run('sh', ['-ec', lines], { cwd: place, env: { PATH: path, HOME: place } });
      expect(first).toMatchObject({ status: 0 });
      expect(first.stdout.toString().match(/^written/gm)).toHaveLength(names.length);
      expect(outputs()).toEqual(expected);
      const second = await run('sh', ['-ec', lines], { cwd: place, env: { PATH: path, HOME: place } });
      expect(second.status).toBe(0);
      const skipped = [...second.stderr.matchAll(/(\d+) done before/g)].map(([, count]) => Number(count));
      expect(skipped.reduce((sum, count) => sum + count, 0)).toBe(names.length);
    }, 60_000);
  });

  describeWithPeer('yaml', 'the Kubernetes Job', () => {
    interface Job {
      readonly spec: {
        readonly completionMode: string;
        readonly completions: number;
        readonly parallelism: number;
        readonly template: {
          readonly spec: {
            readonly containers: readonly {
              readonly command: readonly string[];
              readonly env: readonly { readonly name: string; readonly value: string }[];
              readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
            }[];
            readonly volumes: readonly { readonly name: string }[];
          };
        };
      };
    }

    async function readJob(): Promise<Job> {
      const toJson = 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)';
      const { stdout } = await run('python3', ['-c', toJson], { input: blockWith('yaml', 'kind: Job') });
      const job: Job = JSON.parse(stdout.toString());
      return job;
    }

    test('counts its parts alike everywhere, and mounts volumes that it has', async () => {
      const { spec } = await readJob();
      const [container] = spec.template.spec.containers;
      expect(spec).toMatchObject({ completionMode: 'Indexed', completions: spec.parallelism });
      expect(container?.env).toEqual([{ name: 'JOB_COMPLETIONS', value: String(spec.completions) }]);
      expect(container?.volumeMounts.map(({ name }) => name)).toEqual(
        spec.template.spec.volumes.map(({ name }) => name),
      );
    });

    test('its command as processes, one an index: union complete, no overlap; again, all is skipped', async () => {
      const { place, outputs } = newPlace();
      await fill(place);
      mkdirSync(join(place, 'out'), { mode: 0o700 });
      mkdirSync(join(place, 'secrets'), { mode: 0o700 });
      writeFileSync(join(place, 'secrets/secrets.csv'), readFileSync(join(place, 'secrets.csv')), {
        mode: 0o400,
      });
      const { spec } = await readJob();
      const [container] = spec.template.spec.containers;
      if (container === undefined) throw new Error('the Job has no container');
      const mounts = container.volumeMounts.map(({ mountPath }) => mountPath);
      const [command = '', ...args] = container.command.map((word) =>
        mounts.some((mount) => word === mount || word.startsWith(`${mount}/`)) ? join(place, word) : word,
      );
      const pods = async (): Promise<{ input: string; status: string }[][]> =>
        Promise.all(
          Array.from({ length: spec.completions }, async (_, index) => {
            const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
            const ran = await run(command, args, {
              env: { ...env, PATH: path, JOB_COMPLETION_INDEX: String(index) },
            });
            expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: '' });
            return ran.stdout
              .toString()
              .split('\n')
              .filter(Boolean)
              .map((line): { input: string; status: string } => JSON.parse(line));
          }),
        );
      const first = await pods();
      expect(first.every(({ length }) => length > 0 && length < names.length)).toBe(true);
      expect(
        first
          .flat()
          .map(({ input }) => input)
          .toSorted(),
      ).toEqual(names.map((name) => `${name}.pem`).toSorted());
      expect(new Set(first.flat().map(({ status }) => status))).toEqual(new Set(['done']));
      expect(outputs()).toEqual(expected);
      expect(new Set((await pods()).flat().map(({ status }) => status))).toEqual(new Set(['skipped']));
    }, 60_000);
  });
});
