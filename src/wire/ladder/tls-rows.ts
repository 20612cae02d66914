import { count } from '../../count.js';
import { certificateNames } from '../distinguished-name.js';
import type {
  AlertEvent,
  CertificateEvent,
  CertificateRequestEvent,
  ClientHelloEvent,
  ServerHelloEvent,
  TlsEvent,
} from '../events.js';
import { lines, type RowText } from './row.js';

const MAX_NAMES = 12;

/** The row for what TLS said. Undefined for what a reader does not miss. */
export function describeTls(
  event: TlsEvent,
  explainAlert: (number: number) => string | undefined = () => undefined,
): RowText | undefined {
  switch (event.kind) {
    case 'clientHello':
      return clientHello(event);
    case 'serverHello':
      return serverHello(event);
    case 'encryptedExtensions':
      return { title: 'EncryptedExtensions', details: lines(event.alpn && `ALPN ${event.alpn}`) };
    case 'certificateRequest':
      return certificateRequest(event);
    case 'certificate':
      return certificate(event);
    case 'certificateVerify':
      return { title: 'CertificateVerify', details: [event.signatureAlgorithm] };
    case 'serverKeyExchange':
      return { title: 'ServerKeyExchange', details: lines(event.group) };
    case 'serverHelloDone':
      return { title: 'ServerHelloDone' };
    case 'clientKeyExchange':
      return { title: 'ClientKeyExchange' };
    case 'certificateStatus':
      return { title: 'CertificateStatus' };
    case 'helloRequest':
      return { title: 'HelloRequest', tone: 'note' };
    case 'endOfEarlyData':
      return { title: 'EndOfEarlyData' };
    case 'finished':
      return { title: 'Finished' };
    case 'newSessionTicket':
      return { title: 'NewSessionTicket', mergeable: true };
    case 'keyUpdate':
      return { title: 'KeyUpdate', mergeable: true };
    case 'handshakeMessage':
      return { title: event.name, tone: 'note' };
    case 'alert':
      return alert(event, explainAlert);
    case 'changeCipherSpec':
      return event.effective ? { title: 'ChangeCipherSpec' } : undefined;
    case 'applicationData': {
      const what = event.looksLike === undefined ? undefined : `looks like ${event.looksLike.toUpperCase()}`;
      return { title: 'application data', details: lines(what, count(event.bytes, 'byte')), mergeable: true };
    }
    case 'encryptedRecord':
      break;
  }
  return { title: `encrypted (${event.recordType})`, tone: 'note', mergeable: true };
}

function clientHello(event: ClientHelloEvent): RowText {
  const title = event.afterRetry ? 'ClientHello, once more' : 'ClientHello';
  return {
    title,
    details: lines(
      event.versions.join(', '),
      event.serverName === undefined ? 'no server name (SNI)' : `server name ${event.serverName}`,
      event.alpn.length === 0 ? undefined : `ALPN ${event.alpn.join(', ')}`,
      event.resumption ? 'offers to go on with an earlier session' : undefined,
    ),
  };
}

function serverHello(event: ServerHelloEvent): RowText {
  if (event.helloRetryRequest) {
    return {
      title: 'HelloRetryRequest',
      details: lines(event.group && `wants ${event.group}`),
      tone: 'note',
    };
  }
  const agreed = lines(event.version, event.cipherSuite, event.group).join(', ');
  const resumed = event.resumed ? 'goes on with an earlier session' : undefined;
  return { title: 'ServerHello', details: lines(agreed, event.alpn && `ALPN ${event.alpn}`, resumed) };
}

function certificateRequest({ authorities, signatureAlgorithms }: CertificateRequestEvent): RowText {
  const names = authorities.slice(0, MAX_NAMES).map(({ name }) => `- ${name}`);
  const more = authorities.length - names.length;
  return {
    title: 'CertificateRequest',
    details: lines(
      authorities.length === 0 ? 'wants a certificate of any CA' : 'wants a certificate of',
      ...names,
      more > 0 ? `- and of ${more} more` : undefined,
      keyTypes(signatureAlgorithms),
    ),
  };
}

const keyTypeNames: readonly (readonly [RegExp, string])[] = [
  [/^rsa_/, 'RSA'],
  [/^ecdsa_/, 'EC'],
  [/^ed25519$/, 'Ed25519'],
  [/^ed448$/, 'Ed448'],
  [/^dsa_/, 'DSA'],
  [/^mldsa/, 'ML-DSA'],
];

/** What matters of a dozen signature algorithms: whether the client's key is of a sort that will do. */
function keyTypes(signatureAlgorithms: readonly string[]): string | undefined {
  const present = keyTypeNames.filter(([sign]) => signatureAlgorithms.some((name) => sign.test(name)));
  return present.length === 0 ? undefined : `keys: ${present.map(([, name]) => name).join(', ')}`;
}

function certificate({ certificates, empty, from }: CertificateEvent): RowText {
  if (empty) {
    const who = from === 'client' ? 'no certificate was sent' : 'the server sent none';
    return { title: 'Certificate: empty', details: [who], tone: 'bad' };
  }
  return {
    title: `Certificate (${certificates.length})`,
    details: certificates.slice(0, MAX_NAMES).map((der, index) => {
      const names = certificateNames(Buffer.from(der, 'base64'));
      if (names === undefined) return `${index + 1} not readable as a certificate`;
      const issuer = names.issuer === names.subject ? 'itself' : names.issuer;
      return `${index + 1} ${names.subject}, issued by ${issuer}`;
    }),
  };
}

function alert(
  { level, number, name }: AlertEvent,
  explain: (number: number) => string | undefined,
): RowText {
  if (number === undefined || name === undefined) return { title: 'alert, encrypted', tone: 'note' };
  if (number === 0) return { title: 'alert 0 close_notify', details: ['an orderly end'] };
  const words = explain(number);
  return {
    title: `alert ${number} ${name}`,
    details: lines(words),
    tone: level === 'fatal' ? 'bad' : 'note',
  };
}
