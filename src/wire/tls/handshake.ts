import { ByteReader } from '../bytes.js';
import type { HandshakeEvent } from '../events.js';
import type { Side } from '../recording.js';
import { cipherSuiteName } from '../registry/cipher-suites.js';
import { handshakeTypeName, versionName } from '../registry/names.js';
import {
  decodeCertificate,
  decodeCertificateRequest,
  decodeCertificateVerify,
  decodeServerKeyExchange,
} from './certificates.js';
import {
  decodeClientHello,
  decodeEncryptedExtensions,
  decodeServerHello,
  isResumed,
  type ClientHello,
  type ServerHello,
} from './hello.js';
import type { HandshakeMessage } from './messages.js';

/** Handshake types that something depends on (RFC 8446 section 4, RFC 5246 section 7.4). */
export const MessageType = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  endOfEarlyData: 5,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  certificateStatus: 22,
  keyUpdate: 24,
} as const;

const TLS_1_3 = 0x0304;

/** What the two sides have agreed on so far: without it later messages cannot be read. */
export interface Agreement {
  readonly clientHello?: ClientHello | undefined;
  readonly serverHello?: ServerHello | undefined;
  readonly retried: boolean;
}

export function isTls13({ serverHello }: Agreement): boolean {
  return serverHello !== undefined && serverHello.version >= TLS_1_3;
}

export interface Envelope {
  readonly at: number;
  readonly from: Side;
  readonly encrypted: boolean;
}

/** What the message says, and what is agreed on once it has been said. */
export interface Understood {
  readonly event: HandshakeEvent;
  readonly agreement: Agreement;
}

/** Reads one handshake message. Undefined where its bytes do not make sense. */
export function understand(
  message: HandshakeMessage,
  envelope: Envelope,
  agreement: Agreement,
): Understood | undefined {
  const seen = { ...envelope, bytes: message.body.length + 4 };
  if (message.type === MessageType.clientHello) {
    const clientHello = decodeClientHello(message.body);
    if (clientHello === undefined) return undefined;
    const afterRetry = agreement.retried && agreement.serverHello === undefined;
    return {
      event: { kind: 'clientHello', ...seen, ...clientHello.facts, afterRetry },
      agreement: { clientHello, retried: afterRetry },
    };
  }
  if (message.type === MessageType.serverHello) {
    const hello = decodeServerHello(message.body);
    return hello === undefined
      ? undefined
      : { event: helloEvent(hello, seen, agreement), agreement: agreed(hello, agreement) };
  }
  const event = laterEvent(message, seen, agreement);
  return event === undefined ? undefined : { event, agreement };
}

type SeenMessage = Envelope & { readonly bytes: number };

function helloEvent(hello: ServerHello, seen: SeenMessage, { clientHello }: Agreement): HandshakeEvent {
  return {
    kind: 'serverHello',
    ...seen,
    version: versionName(hello.version),
    cipherSuite: cipherSuiteName(hello.cipherSuite),
    helloRetryRequest: hello.helloRetryRequest,
    group: hello.group,
    alpn: hello.alpn,
    resumed: isResumed(hello, clientHello?.sessionId ?? ''),
  };
}

function agreed(hello: ServerHello, agreement: Agreement): Agreement {
  return hello.helloRetryRequest ? { ...agreement, retried: true } : { ...agreement, serverHello: hello };
}

function laterEvent(
  { type, body }: HandshakeMessage,
  seen: SeenMessage,
  agreement: Agreement,
): HandshakeEvent | undefined {
  const version = agreement.serverHello?.version ?? 0x0303;
  const reader = new ByteReader(body);
  switch (type) {
    case MessageType.encryptedExtensions: {
      const facts = decodeEncryptedExtensions(body);
      return facts && { kind: 'encryptedExtensions', ...seen, ...facts };
    }
    case MessageType.certificate: {
      const facts = decodeCertificate(body, version >= TLS_1_3);
      return facts && { kind: 'certificate', ...seen, ...facts };
    }
    case MessageType.certificateRequest: {
      const facts = decodeCertificateRequest(body, version);
      return facts && { kind: 'certificateRequest', ...seen, ...facts };
    }
    case MessageType.certificateVerify: {
      const facts = decodeCertificateVerify(body, version);
      return facts && { kind: 'certificateVerify', ...seen, ...facts };
    }
    case MessageType.serverKeyExchange: {
      const suite = cipherSuiteName(agreement.serverHello?.cipherSuite ?? 0);
      return { kind: 'serverKeyExchange', ...seen, ...decodeServerKeyExchange(body, suite) };
    }
    case MessageType.newSessionTicket: {
      const lifetimeSeconds = reader.u32();
      return reader.overrun ? undefined : { kind: 'newSessionTicket', ...seen, lifetimeSeconds };
    }
    case MessageType.keyUpdate: {
      const requested = reader.u8() === 1;
      return reader.overrun ? undefined : { kind: 'keyUpdate', ...seen, requested };
    }
    default:
      return { ...seen, ...bareEvent(type) };
  }
}

function bareEvent(type: number):
  | {
      readonly kind:
        | 'finished'
        | 'serverHelloDone'
        | 'clientKeyExchange'
        | 'certificateStatus'
        | 'helloRequest'
        | 'endOfEarlyData';
    }
  | { readonly kind: 'handshakeMessage'; readonly messageType: number; readonly name: string } {
  switch (type) {
    case MessageType.finished:
      return { kind: 'finished' };
    case MessageType.serverHelloDone:
      return { kind: 'serverHelloDone' };
    case MessageType.clientKeyExchange:
      return { kind: 'clientKeyExchange' };
    case MessageType.certificateStatus:
      return { kind: 'certificateStatus' };
    case MessageType.helloRequest:
      return { kind: 'helloRequest' };
    case MessageType.endOfEarlyData:
      return { kind: 'endOfEarlyData' };
    default:
      return { kind: 'handshakeMessage', messageType: type, name: handshakeTypeName(type) };
  }
}
