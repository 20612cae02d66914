import type { X509Certificate } from 'node:crypto';
import { clientRefusal } from '../diagnose/failure.js';
import { refused } from '../diagnose/refusal.js';
import { oneLine } from '../certificate.js';
import type { CertificateSource } from '../evidence.js';
import { walk } from '../trust.js';
import type { Bench, Experiment } from './experiment.js';
import { varied } from './varied.js';

/** Variations of what we show the server, once it has refused what the file holds. */

export const hold: Experiment = varied({
  id: 'hold',
  title: 'tried again, sending nothing after the handshake',
  separates: ['mqtt.closed-before-connack'],
  vary: ({ view, stageMs }) => {
    const { mqtt, tls } = view;
    const wordless =
      view.failed === 'mqtt' &&
      mqtt?.reach === 'connect-sent' &&
      mqtt.connack === undefined &&
      !mqtt.timedOut;
    if (!wordless || mqtt.malformed !== undefined || tls?.request === undefined) return undefined;
    return { variation: { holdMs: Math.min(1500, stageMs), until: 'tls' } };
  },
});

export const chainAdded: Experiment = varied({
  id: 'chain-added',
  title: 'tried again with the intermediate added',
  separates: [
    'tls.client-certificate-chain-incomplete',
    'tls.client-certificate-issuer-not-accepted',
    'tls.client-certificate-refused',
    'mqtt.server-unavailable',
    'mqtt.not-authorized',
    'mqtt.bad-credentials',
    'mqtt.closed-before-connack',
    'mqtt.no-connack',
    'mqtt.refused',
  ],
  confirms: ['mqtt.bad-credentials', 'mqtt.refused'],
  vary: (bench) => {
    const own = ownCertificates(bench);
    const top = own.at(-1);
    if (top === undefined || !wasRefused(bench)) return undefined;
    const found = findIssuers(top, bench);
    if (found === undefined) return undefined;
    const subjects = found.certificates.map(({ subject }) => oneLine(subject));
    return {
      variation: { certificates: [...own, ...found.certificates] },
      facts: { added: { subjects, from: found.from } },
    };
  },
});

/** The issuers between our last certificate and its root, from wherever they can be had without asking anybody. */
function findIssuers(
  top: X509Certificate,
  { context, serverCertificates }: Bench,
): { readonly certificates: readonly X509Certificate[]; readonly from: CertificateSource } | undefined {
  const { file } = context;
  const sources: readonly (readonly [CertificateSource, readonly X509Certificate[]])[] = [
    ['input', file.bundle?.certificates.map(({ x509 }) => x509) ?? []],
    ['ca-file', file.trust.certificates],
    ['server', serverCertificates],
  ];
  for (const [from, certificates] of sources) {
    const above = walk(top, certificates)
      .slice(1)
      .filter(({ subject, issuer }) => subject !== issuer);
    if (above.length > 0) return { certificates: above, from };
  }
  return undefined;
}

export const leafOnly: Experiment = varied({
  id: 'leaf-only',
  title: "tried again with the device's own certificate alone",
  separates: [
    'tls.client-certificate-refused',
    'tls.client-certificate-issuer-not-accepted',
    'chain.intermediate-expired',
    'mqtt.server-unavailable',
  ],
  vary: (bench) => {
    const [leaf, ...issuers] = ownCertificates(bench);
    if (leaf === undefined || issuers.length === 0 || !wasRefused(bench)) return undefined;
    return { variation: { certificates: [leaf] } };
  },
});

export const withoutCertificate: Experiment = varied({
  id: 'without-certificate',
  title: 'tried again without a certificate',
  separates: [
    'tls.client-certificate-refused',
    'mqtt.server-unavailable',
    'mqtt.not-authorized',
    'mqtt.closed-before-connack',
    'tls.client-certificate-issuer-not-accepted',
    'tls.partial-then-silent',
  ],
  vary: (bench) => {
    const sent = bench.view.tls?.sent?.certificates ?? 0;
    return sent > 0 && wasRefused(bench) ? { variation: { certificates: 'none' } } : undefined;
  },
});

function ownCertificates({ context }: Bench): readonly X509Certificate[] {
  const { identity } = context.file;
  return identity === undefined ? [] : [identity.leaf.x509, ...identity.chain.map(({ x509 }) => x509)];
}

function wasRefused({ view }: Bench): boolean {
  const sent = view.tls?.sent?.certificates ?? 0;
  if (sent === 0) return false;
  return clientRefusal(view) !== undefined || refused(view) !== undefined || noConnack(view);
}

function noConnack({ failed, mqtt }: Bench['view']): boolean {
  return (
    failed === 'mqtt' &&
    mqtt?.reach === 'connect-sent' &&
    mqtt.connack === undefined &&
    mqtt.malformed === undefined
  );
}
