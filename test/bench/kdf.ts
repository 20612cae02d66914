import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wasmEngine } from '../../src/kdf/engine.js';
import { bmpString, pkcs12KeySha1Batch } from '../../src/kdf/index.js';
import { inTurn } from './measure.js';
import type { Section } from './report.js';

/** The key derivation alone, in this process, on one processor. */
export async function measureKdf(models: string, rounds: number): Promise<Section> {
  const key = readFileSync(join(models, 'sap/0.pem'), 'utf8');
  const [single, wide] = [wasmEngine(1), wasmEngine(4)];
  const request = { salt: Buffer.alloc(8, 1), iterations: 131_072, purpose: 1, length: 24 } as const;
  const requests = Array.from({ length: 4 }, (_, index) => ({
    ...request,
    password: bmpString(`secret-${index}`),
  }));
  const time = (work: () => unknown, bundles: number) => async (): Promise<number> => {
    const start = performance.now();
    work();
    return (performance.now() - start) / bundles;
  };
  const milliseconds = await inTurn(rounds, {
    openssl: time(() => createPrivateKey({ key, passphrase: 'secret' }), 1),
    scalar: time(() => pkcs12KeySha1Batch(requests.slice(0, 1), { single, wide: undefined }), 1),
    lanes: time(() => pkcs12KeySha1Batch(requests, { single, wide }), 4),
  });
  return {
    title: 'Key derivation of a SAP bundle, one processor',
    note: `medians of ${rounds} rounds in turn; at first use a process needs about 4 ms more until V8 has optimised it`,
    rows: [
      { what: 'createPrivateKey', value: milliseconds.openssl, unit: 'ms' },
      { what: 'WebAssembly, one', value: milliseconds.scalar, unit: 'ms' },
      { what: 'WebAssembly, four in lanes, each', value: milliseconds.lanes, unit: 'ms' },
      // Seen before this was built: 18 and 12.2 ms where OpenSSL took 27.5.
      {
        what: 'createPrivateKey / one',
        value: milliseconds.openssl / milliseconds.scalar,
        unit: 'times',
        target: { atLeast: 1.5 },
      },
      {
        what: 'createPrivateKey / four',
        value: milliseconds.openssl / milliseconds.lanes,
        unit: 'times',
        target: { atLeast: 2.25 },
      },
    ],
  };
}
