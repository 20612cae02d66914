import { platform, versions } from 'node:process';
import { Checker } from './checker.js';
import { diagnose } from './diagnose/index.js';
import type { CheckOptions } from './options.js';
import { checkOptions } from './plan.js';
import type { CheckReport } from './report.js';

/**
 * Connects as the device would, stage by stage, and says why it fails where it does: file, name, TCP, TLS, MQTT
 * and, when something is to be published, its acknowledgement. When a stage fails, experiments vary one thing
 * at a time to tell the causes apart.
 *
 * What is wrong is never thrown: it stands in the report's `diagnoses`. Nothing is published unless `measure`
 * or `publish` says so. Connecting with the device's own client id disconnects the device if it is running;
 * `onProgress` says so before the first CONNECT, and `clientId` avoids it.
 *
 * @returns plain data, complete enough to be diagnosed again by {@link diagnose}
 * @throws SapcertError `usage.invalid` when the options make no sense
 */
export async function checkConnection(options: CheckOptions): Promise<CheckReport> {
  checkOptions(options);
  const now = options.now ?? (() => new Date());
  const began = performance.now();
  const checkedAt = now().toISOString();
  const evidence = await new Checker(options, checkedAt).run();
  return {
    schemaVersion: 1,
    ...evidence,
    ms: Math.round(performance.now() - began),
    interrupted: options.signal?.aborted === true,
    environment: { node: versions.node, openssl: versions.openssl, platform },
    ...diagnose(evidence),
  };
}
