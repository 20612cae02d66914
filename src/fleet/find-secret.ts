import { basename, extname } from 'node:path';
import { parseDeviceName } from '../bundle/device-name.js';
import type { FoundSecret } from '../bundle/secret.js';
import { SapcertError } from '../errors.js';
import { sidecarSecret } from '../files/index.js';
import type { FleetInput, FleetSecrets } from './types.js';

/** The secret for a file: by the table, else the one for all, else the bundle's own, else a file beside it. */
export function findSecret(
  input: FleetInput,
  commonNames: readonly string[],
  own: string | undefined,
  from: FleetSecrets,
): FoundSecret | undefined {
  return (
    listedSecret([...namesOf(input), ...commonNames.flatMap(namesOfDevice)], from) ??
    sharedSecret(from) ??
    (own === undefined ? undefined : { passphrase: own, origin: 'the download itself', warnings: [] }) ??
    secretBeside(input)
  );
}

/** The secret that the table has for one of these names, the first one before the others. */
export function listedSecret(names: readonly string[], { secrets }: FleetSecrets): FoundSecret | undefined {
  const passphrase = names.map((name) => secrets?.get(name)).find((secret) => secret !== undefined);
  return passphrase === undefined ? undefined : { passphrase, origin: 'the table of secrets', warnings: [] };
}

/** The secret of all that have none of their own. */
export function sharedSecret({ passphrase, passphraseOrigin }: FleetSecrets): FoundSecret | undefined {
  if (passphrase === undefined) return undefined;
  return { passphrase, origin: passphraseOrigin ?? 'the option passphrase', warnings: [] };
}

/** What a table may call a file, the most exact name first. */
export function namesOf({ name, path }: FleetInput): readonly string[] {
  const file = basename(path ?? name);
  const names = [name, path, file, file.slice(0, file.length - extname(file).length)];
  return names.filter((candidate) => candidate !== undefined);
}

/** What a table may call a device: its id, or the whole common name of its certificate. */
export function namesOfDevice(commonName: string): readonly string[] {
  const id = parseDeviceName(commonName)?.deviceId;
  return id === undefined ? [commonName] : [id, commonName];
}

/** Whether there is a table that may know a bundle by its device only. */
export function mayKnowDevice(input: FleetInput, from: FleetSecrets): boolean {
  return from.secrets !== undefined && listedSecret(namesOf(input), from) === undefined;
}

/** What cannot be read is told once it turns out that a secret is needed: `whyNoneBeside`. */
function secretBeside({ path }: FleetInput): FoundSecret | undefined {
  try {
    return path === undefined ? undefined : sidecarSecret(path);
  } catch (error) {
    if (error instanceof SapcertError) return undefined;
    throw error;
  }
}

/** What is wrong with the file beside a bundle that holds no secret, if there is one. */
export function whyNoneBeside({ path }: FleetInput): SapcertError | undefined {
  try {
    if (path !== undefined) sidecarSecret(path);
    return undefined;
  } catch (error) {
    if (error instanceof SapcertError) return error;
    throw error;
  }
}
