import { X509Certificate } from 'node:crypto';
import { clientRefusal } from '../diagnose/failure.js';
import { refused } from '../diagnose/refusal.js';
import { printableName } from '../certificate.js';
import type { CertificateSource } from '../evidence.js';
import { walk } from '../trust.js';
import { printable } from '../printable.js';
import type { Bench, Experiment, Result } from './experiment.js';
import { tryAgain, varied } from './varied.js';

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

export const chainAdded: Experiment = {
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
  prepare: (bench) => {
    const own = ownCertificates(bench);
    const top = own.at(-1);
    if (top === undefined || !wasRefused(bench)) return undefined;
    const found = findIssuers(top, bench);
    if (found !== undefined) return () => addIssuers(own, found, bench);
    const named = bench.context.options.fetchChain === true && top.infoAccess !== undefined;
    return named ? () => fetchIssuers(own, top, bench) : undefined;
  },
};

interface Issuers {
  readonly certificates: readonly X509Certificate[];
  readonly from: CertificateSource;
}

function addIssuers(
  own: readonly X509Certificate[],
  { certificates, from }: Issuers,
  bench: Bench,
): Promise<Result> {
  const subjects = certificates.map(({ subject }) => printableName(subject));
  const plan = {
    variation: { certificates: [...own, ...certificates] },
    facts: { added: { subjects, from } },
  };
  return tryAgain('chain-added', plan, bench);
}

/** Only where the user allowed it: the address is the certificate's, and says who is asking. */
async function fetchIssuers(
  own: readonly X509Certificate[],
  top: X509Certificate,
  bench: Bench,
): Promise<Result> {
  const { fetchChain } = await import('../../net/index.js');
  const signal = bench.deadline.signal ?? new AbortController().signal;
  const { issuers, attempts } = await fetchChain(top, [], {
    signal,
    limits: { milliseconds: bench.stageMs },
  });
  const fetched = issuers.map(({ certificate }) => new X509Certificate(certificate)).filter(isIntermediate);
  if (fetched.length > 0) return addIssuers(own, { certificates: fetched, from: 'download' }, bench);
  return {
    outcome: 'no-answer',
    summary: `it could not be fetched: ${printable(attempts[0]?.reason ?? 'no address')}`,
  };
}

/** From wherever they can be had without asking anybody. */
function findIssuers(top: X509Certificate, { context, serverCertificates }: Bench): Issuers | undefined {
  const { file } = context;
  const sources: readonly (readonly [CertificateSource, readonly X509Certificate[]])[] = [
    ['input', file.bundle?.certificates.map(({ x509 }) => x509) ?? []],
    ['ca-file', file.trust.certificates],
    ['server', serverCertificates],
  ];
  return sources
    .map(([from, certificates]) => ({
      from,
      certificates: walk(top, certificates).slice(1).filter(isIntermediate),
    }))
    .find(({ certificates }) => certificates.length > 0);
}

function isIntermediate({ subject, issuer }: X509Certificate): boolean {
  return subject !== issuer;
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
