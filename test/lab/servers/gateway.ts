import type { PeerCertificate, TLSSocket, TlsOptions } from 'node:tls';
import type { IConnectPacket } from 'mqtt-packet';
import type { At, Stand } from '../stand.js';
import { serveMqtt, type Answer, type Script } from './mqtt.js';
import { asking, tlsServer } from './tls.js';

/** What the gateway knows of a client once TLS stands. */
export interface Visitor {
  /** The chain that the client sent leads to the gateway's root and is valid now. */
  readonly trusted: boolean;
  /** A certificate came, whatever it is worth. */
  readonly showed: boolean;
  readonly commonName: string;
  /** The device id of the CN in SAP's form. */
  readonly ownId: string | undefined;
  readonly tlsVersion: string | null;
}

export interface GatewaySetup extends Omit<Script, 'connect'> {
  readonly tls?: TlsOptions;
  readonly address?: string;
  readonly connect?: (packet: IConnectPacket, visitor: Visitor) => Answer | Promise<Answer>;
}

/**
 * A broker that is scripted above TLS. By default it asks for a certificate, takes what comes and lets
 * everybody in; `connect` makes it refuse as SAP's gateway does, which looks at the chain only after TLS.
 */
export async function gateway(stand: Stand, setup: GatewaySetup = {}): Promise<At> {
  const { tls = asking(stand.world.deviceRoot.pem), address, connect, ...script } = setup;
  return tlsServer(stand, { ...tls, ...(address !== undefined && { address }) }, (socket) => {
    const visitor = visitorOf(socket);
    serveMqtt(socket, { ...script, ...(connect && { connect: (packet) => connect(packet, visitor) }) });
  });
}

/** Answers return code 3 to whoever has no valid chain, as SAP's gateway does. */
export function untrustedGets(code: Answer): GatewaySetup {
  return { connect: (_, { trusted }) => (trusted ? 0 : code) };
}

function visitorOf(socket: TLSSocket): Visitor {
  const certificate = socket.getPeerCertificate() as Partial<PeerCertificate>;
  const name = certificate.subject?.CN ?? '';
  const commonName = Array.isArray(name) ? String(name[0]) : name;
  return {
    trusted: socket.authorized,
    showed: certificate.subject !== undefined,
    commonName,
    ownId: /deviceAlternateId:([^|]+)/.exec(commonName)?.[1],
    tlsVersion: socket.getProtocol(),
  };
}
