import { readFileSync } from 'node:fs';
import {
  checkConnection,
  type CheckOptions,
  type CheckReport,
  type RecordedConnection,
  type Trace,
} from '../../src/check/index.js';
import { traceOf } from '../../src/cli/trace.js';
import { startSandbox, type FaultName } from '../../src/sandbox/index.js';

export interface Checked {
  readonly report: CheckReport;
  readonly trace: readonly Trace[];
}

/** A check with its trace. */
export async function checked(options: CheckOptions): Promise<Checked> {
  const connections: RecordedConnection[] = [];
  const report = await checkConnection({
    timeout: 4000,
    ...options,
    onConnection: (connection) => void connections.push(connection),
  });
  return { report, trace: await traceOf(connections) };
}

/** The device of a fresh sandbox, checked against it. */
export async function checkedAtSandbox(fault?: FaultName, options: CheckOptions = {}): Promise<Checked> {
  const sandbox = await startSandbox({ fault, deviceKey: 'ec-p256' });
  try {
    const device = sandbox.devices[0]!;
    return await checked({
      host: `localhost:${sandbox.port}`,
      ca: sandbox.caPem,
      caName: sandbox.ca,
      input: readFileSync(device.bundle),
      inputName: device.bundle,
      passphrase: readFileSync(device.secretFile, 'utf8').trim(),
      ...options,
    });
  } finally {
    await sandbox.close();
  }
}
