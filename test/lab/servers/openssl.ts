import { start, type At, type Stand } from '../stand.js';
import type { ServerIdentity } from '../world.js';
import { accepting, freePort } from './ports.js';

export interface SServerSetup {
  readonly identity?: ServerIdentity;
  /** Requires a client certificate of these authorities. */
  readonly clientCa?: string;
  readonly args?: readonly string[];
}

/**
 * `openssl s_server`, for what no broker's configuration can say. A PINGREQ is answered, and whatever else a client
 * sends after TLS with the CONNACK of a success, so that one that gets through is seen to get through.
 */
export async function sServer(stand: Stand, setup: SServerSetup = {}): Promise<At> {
  const { identity = stand.world.server, clientCa, args = [] } = setup;
  const port = await freePort();
  const file = (name: string, text: string): string => stand.file(`${port}-${name}`, text);
  const cert = file('crt', identity.cert);
  const program = start(stand, 'openssl', [
    's_server',
    '-quiet',
    '-accept',
    `127.0.0.1:${port}`,
    '-cert',
    cert,
    '-cert_chain',
    cert,
    '-key',
    file('key', identity.key),
    ...(clientCa === undefined
      ? []
      : ['-Verify', '5', '-verify_return_error', '-CAfile', file('ca', clientCa)]),
    ...args,
  ]);
  program.child.stdout.on('data', (heard: Buffer) => {
    const pingreq = heard[0] === 0xc0;
    program.child.stdin.write(pingreq ? Uint8Array.of(0xd0, 0) : Uint8Array.of(0x20, 2, 0, 0));
  });
  await accepting(port, program);
  return { host: 'localhost', port };
}
