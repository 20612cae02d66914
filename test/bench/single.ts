import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../support/run.js';
import { inTurn, timed } from './measure.js';
import type { Section } from './report.js';

const entry = join(repository, 'bin/sapcert.cjs');

/** One SAP bundle, whole processes: sapcert against the three openssl steps. */
export async function measureSingle(models: string, work: string, rounds: number): Promise<Section> {
  const bundle = join(models, 'sap/0.pem');
  const secretFile = join(work, 'secret');
  writeFileSync(secretFile, 'secret\n', { mode: 0o600 });
  const output = join(work, 'newcert.pem');
  const steps = [
    `openssl rsa -in ${bundle} -out private.key -passin file:${secretFile}`,
    `openssl x509 -in ${bundle} -out certificate.crt`,
    'cat private.key certificate.crt > newcert.pem',
  ].join(' && ');
  const sapcert = ['strip', bundle, '--passin', `file:${secretFile}`, '-o', output, '--overwrite'];
  const seconds = await inTurn(rounds, {
    openssl: async () => (await timed('sh', ['-c', steps], { cwd: work })).seconds,
    sapcert: async () => {
      rmSync(output, { force: true });
      return (await timed(process.execPath, [entry, ...sapcert])).seconds;
    },
    node: async () => (await timed(process.execPath, ['-e', '0'])).seconds,
  });
  return {
    title: 'One bundle of SAP, whole processes',
    note: `medians of ${rounds} rounds in turn`,
    rows: [
      { what: 'three openssl steps in sh', value: seconds.openssl * 1000, unit: 'ms' },
      { what: 'sapcert strip', value: seconds.sapcert * 1000, unit: 'ms' },
      { what: 'node -e 0', value: seconds.node * 1000, unit: 'ms' },
      {
        what: 'sapcert / openssl steps',
        value: seconds.sapcert / seconds.openssl,
        unit: '',
        target: { atMost: 0.85 },
      },
    ],
  };
}
