import type { DiagnosisCode } from '../../codes.js';
import type { Bench, Experiment } from './experiment.js';
import { failedEarly, failureOf, varied } from './varied.js';

/** Variations of the handshake itself. Where the server stays unverified, nothing is sent to it afterwards. */

const early: readonly DiagnosisCode[] = [
  'tcp.closed',
  'tcp.reset',
  'tls.silent',
  'tls.handshake-failed',
  'tls.no-common-cipher',
  'tls.sni-rejected',
];

export const tls12: Experiment = varied({
  id: 'tls-1.2',
  title: 'tried again with TLS 1.2 only',
  separates: [
    ...early,
    'tls.client-certificate-refused',
    'tls.client-certificate-issuer-not-accepted',
    'tls.client-certificate-chain-incomplete',
    'mqtt.server-unavailable',
  ],
  confirms: ['tls.version-mismatch'],
  vary: (bench) => {
    const { target, tls, failed } = bench.view;
    if (target.tlsVersion === '1.2' || tls === undefined) return undefined;
    const quiet = endedWithoutAlert(bench);
    // SAP's gateway was seen with TLS 1.2 only: both are tried there.
    const sap = failed === 'mqtt' && target.profile === 'sap-iot' && tls.version === 'TLSv1.3';
    if (!failedEarly(bench) && !quiet && !sap) return undefined;
    return { variation: { versions: ['TLSv1.2', 'TLSv1.2'] } };
  },
});

export const tls13: Experiment = varied({
  id: 'tls-1.3',
  title: 'tried again with TLS 1.3 only',
  separates: early,
  confirms: ['tls.version-mismatch'],
  vary: (bench) =>
    failedEarly(bench) && bench.view.target.tlsVersion === '1.2'
      ? { variation: { versions: ['TLSv1.3', 'TLSv1.3'] } }
      : undefined,
});

export const withoutSni: Experiment = varied({
  id: 'without-sni',
  title: 'tried again without a server name',
  separates: [...early, 'tls.wrong-virtual-host'],
  confirms: ['tls.server-wrong-host'],
  vary: (bench) => {
    const { tls } = bench.view;
    if (tls?.offered.serverName === undefined) return undefined;
    const wrongName = failureOf(bench) === 'untrusted' && tls.verdict?.nameMatches === false;
    return failedEarly(bench) || wrongName ? { variation: { withoutSni: true, until: 'tls' } } : undefined;
  },
});

/** What brokers on shared ports are known to ask for. */
const knownAlpn = ['mqtt', 'x-amzn-mqtt-ca'];

export const alpn: Experiment = varied({
  id: 'alpn',
  title: `tried again with ALPN ${knownAlpn.join(' and ')}`,
  separates: [
    ...early,
    'mqtt.closed-before-connack',
    'mqtt.no-connack',
    'tls.http-port',
    'mqtt.malformed-reply',
    'tls.client-certificate-missing',
    'tls.client-certificate-refused',
    'tls.client-certificate-issuer-not-accepted',
    'tls.client-certificate-chain-incomplete',
  ],
  confirms: ['tls.alpn-required', 'tls.http-port', 'mqtt.malformed-reply'],
  vary: (bench) => {
    const { tls, mqtt, target, failed } = bench.view;
    if (tls === undefined || target.alpn.length > 0) return undefined;
    const wordless = failed === 'mqtt' && mqtt?.connack === undefined;
    const unexplained = failedEarly(bench) || failureOf(bench) === 'broken-off' || endedWithoutAlert(bench);
    return wordless || unexplained ? { variation: { alpn: knownAlpn } } : undefined;
  },
});

/** It had our certificate, and ended the connection without a word: about the certificate, or about something else. */
function endedWithoutAlert(bench: Bench): boolean {
  const said = bench.view.tls?.alerts.some(({ from }) => from === 'server') === true;
  return failureOf(bench) === 'refused-after-certificate' && !said;
}
