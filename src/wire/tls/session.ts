import { hex } from '../bytes.js';
import type { EventLog } from '../event-log.js';
import { classifyPlaintext } from '../plaintext.js';
import type { Side } from '../recording.js';
import { recordCipher } from '../registry/cipher-suites.js';
import { alertName, ContentType, contentTypeName, handshakeTypeName } from '../registry/names.js';
import { Flow, type Epoch } from './flow.js';
import { isTls13, MessageType, understand, type Agreement, type Envelope } from './handshake.js';
import { findSecret, type Keylog, type SecretLabel } from './keylog.js';
import type { HandshakeMessage } from './messages.js';
import type { Locked, OpenedRecord, Protection } from './protection.js';
import type { TlsRecord } from './records.js';
import { Tls12Protection } from './tls12.js';
import { Tls13Protection } from './tls13.js';

/**
 * Follows both directions of a TLS connection: which keys protect what, and what the messages say. What it
 * learns goes to the log.
 */
export class TlsSession {
  readonly flows: Readonly<Record<Side, Flow>> = { client: new Flow('client'), server: new Flow('server') };
  readonly #keylog: Keylog;
  readonly #log: EventLog;
  #agreement: Agreement = { retried: false };

  constructor(keylog: Keylog, log: EventLog) {
    this.#keylog = keylog;
    this.#log = log;
  }

  receive(from: Side, at: number, bytes: Uint8Array): void {
    const flow = this.flows[from];
    flow.lastAt = at;
    for (const item of flow.records.push(bytes)) {
      if (this.#log.full) return;
      if (item.kind === 'record') this.#record(flow, at, item.record);
      else if (item.kind === 'plain') this.#spoken(flow, at, item.bytes);
      else this.#log.add({ kind: 'undecodable', at, from, bytes: 0, why: item.why });
    }
  }

  #spoken(flow: Flow, at: number, bytes: Uint8Array): void {
    flow.spokenAt ??= at;
    flow.spoken.push(bytes);
    this.#log.plaintext.push({ at, from: flow.from, bytes });
  }

  #record(flow: Flow, at: number, record: TlsRecord): void {
    if ('locked' in flow.protection) {
      this.#lockedRecord(flow.from, at, record, flow.protection);
      return;
    }
    const opened = flow.protection.open(record);
    if (opened !== undefined) {
      this.#opened(flow, at, opened);
      return;
    }
    flow.protection = { locked: 'lost-track' };
    const why = `a record of ${contentTypeName(record.type)} does not open with the keys of this connection`;
    this.#log.add({ kind: 'undecodable', at, from: flow.from, bytes: record.payload.length, why });
  }

  #lockedRecord(from: Side, at: number, { type, payload }: TlsRecord, { locked }: Locked): void {
    const seen = { at, from, bytes: payload.length, encrypted: true };
    // TLS 1.3 hides the type, and sends one in the clear only where it is not encrypted.
    if (isTls13(this.#agreement) && type === ContentType.changeCipherSpec) {
      this.#log.add({ kind: 'changeCipherSpec', ...seen, encrypted: false, effective: false });
    } else if (isTls13(this.#agreement) && type === ContentType.alert) {
      this.#alert({ at, from, encrypted: false }, payload);
    } else if (type === ContentType.alert) {
      this.#log.add({ kind: 'alert', ...seen });
    } else {
      this.#log.add({ kind: 'encryptedRecord', ...seen, recordType: contentTypeName(type), why: locked });
    }
  }

  #opened(flow: Flow, at: number, { type, content, encrypted }: OpenedRecord): void {
    const envelope: Envelope = { at, from: flow.from, encrypted };
    switch (type) {
      case ContentType.handshake:
        this.#handshake(flow, envelope, content);
        return;
      case ContentType.alert:
        this.#alert(envelope, content);
        return;
      case ContentType.changeCipherSpec:
        this.#changeCipherSpec(flow, envelope);
        return;
      case ContentType.applicationData:
        this.#applicationData(flow, envelope, content);
        return;
      default:
        this.#undecodable(envelope, content.length, `a record of ${contentTypeName(type)}`);
    }
  }

  #handshake(flow: Flow, envelope: Envelope, content: Uint8Array): void {
    for (const message of flow.messages.push(content)) {
      if (message === 'too-long') {
        this.#undecodable(envelope, content.length, 'a handshake message claims more than 1 MiB');
        return;
      }
      this.#message(flow, envelope, message);
    }
  }

  #message(flow: Flow, envelope: Envelope, message: HandshakeMessage): void {
    const understood = understand(message, envelope, this.#agreement);
    if (understood === undefined) {
      const why = `the ${handshakeTypeName(message.type)} message is malformed`;
      this.#undecodable(envelope, message.body.length + 4, why);
      return;
    }
    this.#agreement = understood.agreement;
    this.#log.add(understood.event);
    this.#changeKeys(flow, message.type);
  }

  /** RFC 8446 section 7 says which message is the last under which keys; TLS 1.2 waits for ChangeCipherSpec. */
  #changeKeys(flow: Flow, type: number): void {
    const { serverHello } = this.#agreement;
    if (!isTls13(this.#agreement)) {
      if (type === MessageType.serverHello && serverHello !== undefined) this.#prepareTls12();
      return;
    }
    if (type === MessageType.serverHello) {
      this.#enter(this.flows.server, 'HANDSHAKE_TRAFFIC_SECRET');
      this.#enter(this.flows.client, 'HANDSHAKE_TRAFFIC_SECRET');
    } else if (type === MessageType.finished && flow.epoch !== 'TRAFFIC_SECRET_0') {
      // A Finished can come once more, after a certificate that was asked for later: that changes no keys.
      this.#enter(flow, 'TRAFFIC_SECRET_0');
    } else if (type === MessageType.keyUpdate && flow.protection instanceof Tls13Protection) {
      flow.protection = flow.protection.next();
    }
  }

  /** No message may go on under other keys (RFC 8446 section 5.1). */
  #dropMessages({ from, messages, lastAt: at }: Flow): void {
    const left = messages.rest();
    if (left === undefined) return;
    messages.clear();
    const why = 'part of a handshake message is left over where the keys change';
    this.#log.add({ kind: 'undecodable', at, from, bytes: left.have, why });
  }

  #enter(flow: Flow, epoch: Epoch): void {
    this.#dropMessages(flow);
    flow.epoch = epoch;
    const cipher = recordCipher(this.#agreement.serverHello?.cipherSuite ?? 0);
    const secret = this.#secret(flow.from === 'client' ? `CLIENT_${epoch}` : `SERVER_${epoch}`);
    if (cipher === undefined) flow.protection = { locked: 'unsupported-cipher' };
    else
      flow.protection = secret === undefined ? { locked: 'no-secret' } : new Tls13Protection(cipher, secret);
  }

  #prepareTls12(): void {
    for (const side of ['client', 'server'] as const) this.flows[side].pending = this.#tls12Protection(side);
  }

  #tls12Protection(side: Side): Protection | Locked {
    const { clientHello, serverHello } = this.#agreement;
    const masterSecret = this.#secret('CLIENT_RANDOM');
    if (clientHello === undefined || serverHello === undefined) return { locked: 'lost-track' };
    const cipher = serverHello.version === 0x0303 ? recordCipher(serverHello.cipherSuite) : undefined;
    if (cipher === undefined) return { locked: 'unsupported-cipher' };
    if (masterSecret === undefined) return { locked: 'no-secret' };
    const { random: clientRandom } = clientHello;
    const { random: serverRandom, encryptThenMac } = serverHello;
    return new Tls12Protection({ cipher, masterSecret, clientRandom, serverRandom, encryptThenMac }, side);
  }

  #secret(label: SecretLabel): Buffer | undefined {
    const random = this.#agreement.clientHello?.random;
    return random === undefined ? undefined : findSecret(this.#keylog, label, hex(random));
  }

  #changeCipherSpec(flow: Flow, envelope: Envelope): void {
    const { clientHello, retried } = this.#agreement;
    const forShow = isTls13(this.#agreement) || retried || clientHello === undefined;
    this.#log.add({ kind: 'changeCipherSpec', ...envelope, bytes: 1, effective: !forShow });
    if (forShow || flow.pending === undefined) return;
    this.#dropMessages(flow);
    flow.protection = flow.pending;
    flow.pending = undefined;
  }

  /** One record can hold several alerts before TLS 1.3. */
  #alert(envelope: Envelope, content: Uint8Array): void {
    if (content.length === 0 || content.length % 2 === 1) {
      this.#undecodable(envelope, content.length, 'an alert that is not two bytes long');
      return;
    }
    for (let index = 0; index < content.length && !this.#log.full; index += 2) {
      const [level = 0, number = 0] = content.subarray(index, index + 2);
      this.#log.add({
        kind: 'alert',
        ...envelope,
        bytes: 2,
        level: level === 1 ? 'warning' : 'fatal',
        number,
        name: alertName(number),
      });
    }
  }

  #applicationData(flow: Flow, envelope: Envelope, content: Uint8Array): void {
    const looksLike =
      flow.sawApplicationData || content.length === 0 ? undefined : classifyPlaintext(content);
    flow.sawApplicationData ||= content.length > 0;
    this.#log.addApplicationData(
      { kind: 'applicationData', ...envelope, bytes: content.length, looksLike },
      content,
    );
  }

  #undecodable({ at, from }: Envelope, bytes: number, why: string): void {
    this.#log.add({ kind: 'undecodable', at, from, bytes, why });
  }
}
