import { count } from '../../count.js';
import type { CertificateFacts, TlsFacts } from '../facts/index.js';
import type { CheckWarning, Diagnosis } from '../report.js';
import { weakness } from '../strength.js';
import { anchorIn } from './distrust.js';
import { type View, daysLeft, isExpired, isNotYetValid, suitsClient } from './view.js';
import { purposeWords } from './rules/file.js';
import { day, nameOf } from './words.js';

/** Days before the end at which a certificate is worth a word. */
const soon = 30;

/** What is not the cause of anything, and worth knowing; nothing that a diagnosis says already. */
export function warningsOf(view: View, diagnoses: readonly Diagnosis[]): readonly CheckWarning[] {
  const said = new Set<string>(diagnoses.map(({ code }) => code));
  const all = [
    ...fileWarnings(view),
    ...networkWarnings(view),
    ...serverWarnings(view),
    ...completed(view),
    ...sessionWarnings(view),
  ];
  return all.filter(({ code }) => !said.has(code) && !said.has(`tls.client-${code.replace('.', '-')}`));
}

function fileWarnings({ file, leaf, now, target }: View): readonly CheckWarning[] {
  if (file === undefined) return [];
  const notes = file.notes.map(({ code, message }): CheckWarning => ({ code, message }));
  if (leaf === undefined) return notes;
  const weak = weakness(leaf);
  const own = target.ownDeviceId;
  return [
    ...notes,
    ...validityWarnings(leaf, now),
    ...(suitsClient(leaf) ? [] : [warning('certificate.wrong-purpose', purposeWords(leaf))]),
    ...(weak === undefined
      ? []
      : [
          warning(
            /key/.test(weak) ? 'certificate.weak-key' : 'certificate.weak-signature',
            `the certificate of ${nameOf(leaf)}: ${weak}`,
          ),
        ]),
    ...(file.inOrder === false
      ? [
          warning(
            'chain.wrong-order',
            'the certificates in the file do not stand in the order that TLS asks for, the device first; sapcert sent them in order',
          ),
        ]
      : []),
    ...file.chain
      .filter((certificate) => isExpired(certificate, now))
      .map((certificate) =>
        warning(
          'chain.intermediate-expired',
          `the intermediate ${nameOf(certificate)} expired on ${day(certificate.notAfter)}`,
        ),
      ),
    ...(own === undefined || target.deviceId === undefined || own === target.deviceId
      ? []
      : [
          warning(
            'certificate.device-id-mismatch',
            `the certificate names the device ${own}, and ${target.deviceId} was given`,
          ),
        ]),
  ];
}

function validityWarnings(leaf: CertificateFacts, now: Date): readonly CheckWarning[] {
  if (isExpired(leaf, now))
    return [warning('certificate.expired', `the device certificate expired on ${day(leaf.notAfter)}`)];
  if (isNotYetValid(leaf, now))
    return [
      warning('certificate.not-yet-valid', `the device certificate is valid from ${leaf.notBefore} on`),
    ];
  const days = daysLeft(leaf, now);
  return days < soon
    ? [
        warning(
          'certificate.expires-soon',
          `the device certificate expires in ${daysWords(days)}, on ${day(leaf.notAfter)}`,
        ),
      ]
    : [];
}

function networkWarnings({ tcp, dns }: View): readonly CheckWarning[] {
  if (tcp?.used === undefined || /^localhost\.?$/i.test(dns?.name ?? '')) return [];
  const dead = tcp.attempts.filter(
    ({ outcome, ms }) => outcome !== 'connected' && !(outcome === 'timeout' && ms < 1000),
  );
  return dead
    .filter(
      ({ family, outcome }) => outcome !== 'unreachable' || (family === 6 ? tcp.local.ipv6 : tcp.local.ipv4),
    )
    .map(({ address, outcome, family }) =>
      warning(
        family === tcp.used?.family
          ? `tcp.${outcome === 'refused' ? 'refused' : 'timeout'}`
          : 'tcp.wrong-address-family',
        `the address ${address} of the host does not answer (${outcome}); a client that tries it first fails or waits`,
      ),
    );
}

function serverWarnings(view: View): readonly CheckWarning[] {
  const { tls, file, now, target } = view;
  const [leaf] = tls?.serverChain ?? [];
  if (tls === undefined || leaf === undefined || tls.verdict?.trusted !== true) return [];
  const days = daysLeft(leaf, now);
  const weak = tls.serverChain
    .map((certificate) => [certificate, weakness(certificate)] as const)
    .find(([, why]) => why !== undefined);
  const anchor = anchorIn(view, tls.verdict);
  return [
    ...(days < soon
      ? [
          warning(
            'certificate.expires-soon',
            `the server certificate expires in ${daysWords(days)}, on ${day(leaf.notAfter)}`,
          ),
        ]
      : []),
    ...(weak === undefined
      ? []
      : [
          warning(
            'tls.server-weak-key',
            `the server's certificate of ${nameOf(weak[0])} is weak: ${weak[1] ?? ''}`,
          ),
        ]),
    ...exchangeWarnings(tls),
    ...(leaf.names === undefined && target.serverName !== undefined
      ? [
          warning(
            'tls.server-wrong-host',
            'the server certificate names its host only in the CN; Go, Python and browsers refuse that (RFC 9525)',
          ),
        ]
      : []),
    ...(tls.verdict.outOfOrder
      ? [
          warning(
            'chain.wrong-order',
            "the server's certificates do not stand in order; TLS 1.2 asks for it (RFC 5246 section 7.4.2)",
          ),
        ]
      : []),
    ...(anchor === undefined || anchor.selfIssued
      ? []
      : [
          warning(
            'ca-file.not-the-issuer',
            `the CA file holds the intermediate ${nameOf(anchor)} without its root; OpenSSL's tools, paho and mosquitto want the root`,
          ),
        ]),
    ...(tls.sent !== undefined && tls.sent.certificates === 0 && file?.given !== true
      ? [
          warning(
            'tls.client-certificate-missing',
            'the server asks for a client certificate; none was given',
          ),
        ]
      : []),
  ];
}

/** RFC 9325 section 4.2: Diffie-Hellman groups of at least 2048 bits. */
function exchangeWarnings({ diffieHellmanBits: bits, cipher }: TlsFacts): readonly CheckWarning[] {
  if (bits === undefined || bits >= 2048) return [];
  return [
    warning(
      'tls.server-weak-key',
      `the server's Diffie-Hellman group for ${cipher ?? 'this cipher'} has only ${bits} bits: OpenSSL as Debian and Ubuntu set it up refuses it (dh key too small), as others do`,
    ),
  ];
}

/** OpenSSL completes a chain silently, and devices with another TLS library do not. */
function completed({ tls, file }: View): readonly CheckWarning[] {
  const sent = tls?.sent?.certificates ?? 0;
  const missing = file?.missingIssuer;
  const root = file?.others?.find(({ selfIssued }) => selfIssued);
  if (missing !== undefined && root !== undefined) {
    const message = `the file holds ${root.subject}, and the certificate of ${missing} between it and the device is missing`;
    return [warning('chain.incomplete', message)];
  }
  const known = file?.trust.certificates?.find(({ subject }) => subject === missing);
  if (tls === undefined || known === undefined || known.selfIssued || sent <= tls.offered.certificates)
    return [];
  return [
    warning(
      'chain.incomplete',
      `the file lacks the certificate of ${known.subject}; it was taken from the CA file, which a device with another TLS library does not do`,
    ),
  ];
}

function sessionWarnings({ tls, mqtt, file }: View): readonly CheckWarning[] {
  if (tls === undefined || mqtt?.connack?.code !== 0) return [];
  return file?.given === true && tls.request === undefined
    ? [
        warning(
          'tls.client-certificate-not-requested',
          'the server did not ask for the client certificate: whoever connects, it is not by that certificate',
        ),
      ]
    : [];
}

function daysWords(days: number): string {
  return days < 1 ? 'less than a day' : count(days, 'day');
}

function warning(code: CheckWarning['code'], message: string): CheckWarning {
  return { code, message };
}
