import { isIP } from 'node:net';
import type { CheckOptions } from '../../../src/check/index.js';
import { gateway } from '../servers/gateway.js';
import type { At, Stand } from '../stand.js';

/** How long rows wait that must time out. */
export const impatient = 1200;

type Lookup = NonNullable<CheckOptions['lookup']>;

/** A name that has these addresses. */
export function resolvesTo(...addresses: readonly string[]): Lookup {
  return async () => addresses.map((address) => ({ address, family: isIP(address) === 6 ? 6 : 4 }));
}

/** A name service that fails as getaddrinfo does. */
export function lookupFails(code: string): Lookup {
  return async (name) => {
    throw Object.assign(new Error(`getaddrinfo ${code} ${name}`), {
      code,
      syscall: 'getaddrinfo',
      hostname: name,
    });
  };
}

/** What a device with the good bundle and the right CA file is told. */
export function device({ world }: Stand, at: At, more: Partial<CheckOptions> = {}): CheckOptions {
  return { ...at, input: world.bundle, ca: world.serverRoot.pem, ...more };
}

/** The same without any certificate of its own. */
export function guest({ world }: Stand, at: At, more: Partial<CheckOptions> = {}): CheckOptions {
  return { ...at, ca: world.serverRoot.pem, ...more };
}

/** A broker at which everything goes well, for rows whose failure is at the device. */
export async function fine(stand: Stand): Promise<At> {
  return stand.shared('a broker at which everything goes well', async (common) => gateway(common));
}
