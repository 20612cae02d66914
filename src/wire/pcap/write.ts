import { isIP } from 'node:net';
import type { Endpoint, WireRecording } from '../recording.js';
import { parseKeylog } from '../tls/keylog.js';
import { decryptionSecrets, enhancedPacket, interfaceDescription, sectionHeader } from './blocks.js';
import { synthesiseTcp } from './tcp.js';

export interface PcapConnection {
  readonly recording: WireRecording;
  /** Lines as of the `keylog` event. Left out: nobody can decrypt the capture. */
  readonly keylog?: readonly string[] | undefined;
  /** Who talks to whom. Default: the addresses of the recording. */
  readonly client?: Endpoint | undefined;
  readonly server?: Endpoint | undefined;
  /** Stands in for the server's port: Wireshark looks for MQTT in TLS on 8883. */
  readonly serverPort?: number | undefined;
}

export interface PcapOptions {
  readonly comment?: string | undefined;
  /** Name and version of the program. */
  readonly application?: string | undefined;
}

const DESCRIPTION =
  'Bytes, times and the end of each connection are as recorded; IP and TCP headers, segments and ' +
  'acknowledgements are synthesised, because the recording was made inside the program and not on the network.';

/**
 * A pcapng file of one or several connections, in the order of time. With key logs in it, it opens decrypted:
 * then it is as secret as what was said over the connections.
 */
export function writePcapng(connections: readonly PcapConnection[], options: PcapOptions = {}): Uint8Array {
  const secrets = connections.flatMap(({ keylog = [] }) => keylogLines(keylog));
  const packets = connections.flatMap(packetsOf).toSorted((a, b) => Number(a.time - b.time));
  return Buffer.concat([
    sectionHeader(options.application ?? 'sapcert', options.comment),
    interfaceDescription('sapcert', DESCRIPTION),
    ...(secrets.length === 0 ? [] : [decryptionSecrets(secrets)]),
    ...packets.map(enhancedPacket),
  ]);
}

/** Nothing but well-formed lines goes into the file. */
function keylogLines(keylog: readonly string[]): string[] {
  return [...parseKeylog(keylog)].map(([label, secret]) => `${label} ${secret.toString('hex')}`);
}

function packetsOf({ recording, client, server, serverPort }: PcapConnection) {
  const to = usable(server ?? recording.remote, 'server', 4);
  const from = usable(client ?? recording.local, 'client', to.family);
  const endpoints = { client: from, server: { ...to, port: serverPort ?? to.port } };
  return synthesiseTcp(recording, endpoints).map((packet) => ({
    time: BigInt(Math.round((recording.startedAt + packet.at) * 1000)),
    outbound: packet.from === 'client',
    bytes: packet.bytes,
    comment: packet.comment,
  }));
}

/** Both ends must be of one family; where an address is unknown, one that is reserved for examples stands in. */
function usable(endpoint: Endpoint | undefined, side: 'client' | 'server', family: 4 | 6): Endpoint {
  const port = endpoint?.port ?? (side === 'client' ? 49_152 : 8883);
  const found = endpoint === undefined ? 0 : isIP(endpoint.address);
  if (endpoint !== undefined && (side === 'server' ? found !== 0 : found === family)) {
    return { address: endpoint.address, port, family: found === 6 ? 6 : 4 };
  }
  const host = side === 'client' ? 1 : 2;
  return { address: family === 4 ? `192.0.2.${host}` : `2001:db8::${host}`, port, family };
}
