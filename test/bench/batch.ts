import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Form, makeFolder } from './bundles.js';
import { buildKdf, type Method, program } from './children.js';
import { inTurn, timed } from './measure.js';
import type { Row, Section } from './report.js';

/** How many bundles each way gets: the slow ones a part, which is enough to know their rate. */
export interface BatchSizes {
  readonly sapcert: number;
  readonly createPrivateKey: number;
  readonly forge: number;
  readonly shell: number;
}

/** For each form, what the issue asks of its throughput. */
const targets: Readonly<
  Record<Form, { readonly shell: number; readonly keys?: number; readonly limit?: number }>
> = {
  sap: { shell: 8, keys: 2 },
  traditional: { shell: 100, limit: 1.5 },
  pbes2: { shell: 60, limit: 1.5 },
};

/** Many bundles of one form: how many a second each way strips, all with the same processors and synced files. */
export async function measureBatch(
  models: string,
  work: string,
  form: Form,
  sizes: BatchSizes,
  rounds: number,
): Promise<Section> {
  await buildKdf();
  const folder = (count: number): string => {
    const path = join(work, `${form}-${count}`);
    makeFolder(models, form, count, path);
    return path;
  };
  const fresh = (name: string, round: number): string => {
    const path = join(work, `${form}-${name}-${round}`);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const node = (method: Method, count: number) => {
    const from = folder(count);
    return async (round: number): Promise<number> => {
      const code = program(method, from, fresh(method, round));
      return count / (await timed(process.execPath, ['--input-type=module', '-e', code])).seconds;
    };
  };
  const shell = (name: string, script: (from: string, to: string) => string) => {
    const from = folder(sizes.shell);
    return async (round: number): Promise<number> =>
      sizes.shell / (await timed('sh', ['-c', script(from, fresh(name, round))])).seconds;
  };
  const rate = await inTurn(rounds, {
    sapcert: node('sapcert', sizes.sapcert),
    limit: node('limit', sizes.sapcert),
    keys: node('createPrivateKey', sizes.createPrivateKey),
    forge: node('node-forge', sizes.forge),
    xargs: shell(
      'xargs',
      (from, to) => `ls ${from} | xargs -P${availableParallelism()} -I{} sh -c '${steps(from, to, '{}')}'`,
    ),
    loop: shell('loop', (from, to) => `for f in $(ls ${from}); do ${steps(from, to, '$f')}; done`),
  });
  return {
    title: `Many bundles, ${form}`,
    note: `bundles a second; ${rounds} rounds in turn, ${sizes.sapcert} bundles (createPrivateKey ${sizes.createPrivateKey}, node-forge ${sizes.forge}, openssl ${sizes.shell})`,
    rows: rowsOf(form, rate),
  };
}

/** The three steps for one bundle. They do not wait for the disk; what they are compared with does. */
const steps = (from: string, to: string, name: string): string =>
  [
    `openssl rsa -in ${from}/${name} -out ${to}/${name}.key -passin pass:secret 2>/dev/null`,
    `openssl x509 -in ${from}/${name} -out ${to}/${name}.crt`,
    `cat ${to}/${name}.key ${to}/${name}.crt > ${to}/${name}`,
  ].join(' && ');

type Rates = Readonly<Record<'sapcert' | 'limit' | 'keys' | 'forge' | 'xargs' | 'loop', number>>;

function rowsOf(form: Form, rate: Rates): readonly Row[] {
  const { shell, keys, limit } = targets[form];
  const atLeast = (value: number | undefined): Row['target'] =>
    value === undefined ? undefined : { atLeast: value };
  return [
    { what: 'sapcert', value: rate.sapcert, unit: '/s' },
    { what: 'the limit: KDF, parse, write', value: rate.limit, unit: '/s' },
    { what: 'createPrivateKey in threads', value: rate.keys, unit: '/s' },
    { what: 'node-forge in threads', value: rate.forge, unit: '/s' },
    { what: `xargs -P${availableParallelism()}`, value: rate.xargs, unit: '/s' },
    { what: 'sh loop', value: rate.loop, unit: '/s' },
    { what: 'sapcert / sh loop', value: rate.sapcert / rate.loop, unit: 'times', target: atLeast(shell) },
    { what: 'sapcert / xargs', value: rate.sapcert / rate.xargs, unit: 'times' },
    {
      what: 'sapcert / createPrivateKey',
      value: rate.sapcert / rate.keys,
      unit: 'times',
      target: atLeast(keys),
    },
    { what: 'sapcert / node-forge', value: rate.sapcert / rate.forge, unit: 'times' },
    {
      what: 'limit / sapcert',
      value: rate.limit / rate.sapcert,
      unit: 'times',
      target: limit === undefined ? undefined : { atMost: limit },
    },
  ];
}
