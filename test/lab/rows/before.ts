import { mosquitto } from '../servers/mosquitto.js';
import type { At, Stand } from '../stand.js';
import { bundleOf } from '../world.js';

/** A broker without TLS, for what ends TLS before it. */
export async function plain(stand: Stand): Promise<At> {
  return mosquitto(stand, { identity: 'none' });
}

export const closed = /closed|EOF|reset|ECONNRESET|connection lost|before secure TLS/i;

export const foreign = async ({ world }: Stand): Promise<string> =>
  bundleOf(await world.makeDevice({ issuer: world.foreignIssuer }), world.foreignIssuer);
