import type { DiagnosisCode } from '../../../codes.js';
import type { TcpAttempt, TcpOutcome } from '../../facts/index.js';
import { type Finding, type Rule, finding, saw, sawIn } from '../rule.js';
import type { View } from '../view.js';
import { portCommand } from '../words.js';

const notThere = new Set(['ENOTFOUND', 'ENODATA', 'EAI_NONAME', 'EAI_NODATA']);

const dns: Rule = {
  codes: ['dns.not-found', 'dns.failed'],
  find: ({ failed, dns }) => {
    if (failed !== 'dns' || dns === undefined) return undefined;
    const { name, error, timedOut } = dns;
    const missing = error === undefined ? !timedOut : notThere.has(error.code);
    const code = missing ? 'dns.not-found' : 'dns.failed';
    const what = timedOut ? 'nobody answered in time' : (error?.code ?? 'no address');
    return finding(code, 'proven', [saw('dns', `${name} was looked up: ${what}`)]);
  },
};

const otherFamily: Rule = {
  codes: ['tcp.wrong-address-family'],
  find: (view) => {
    const { tcp, failed } = view;
    const other = view.experiment('other-family');
    if (tcp !== undefined && other?.outcome === 'accepted') {
      const address = other.facts?.address ?? 'the other address';
      const because = [...attemptWords(tcp.attempts), sawIn('other-family', `${address}: ${other.summary}`)];
      const advice = [`Use ${address} as host, or let the server listen on both.`];
      return finding('tcp.wrong-address-family', 'proven', because, advice);
    }
    if (failed !== 'tcp' || tcp === undefined) return undefined;
    const all = tcp.attempts.every(({ family, outcome }) => family === 6 && outcome === 'unreachable');
    if (!all || tcp.local.ipv6) return undefined;
    const text = saw('tcp', 'the host has IPv6 addresses only, and this machine has none');
    return finding('tcp.wrong-address-family', 'proven', [text, ...attemptWords(tcp.attempts)]);
  },
};

const outcomeCodes: Readonly<Record<Exclude<TcpOutcome, 'connected'>, DiagnosisCode>> = {
  refused: 'tcp.refused',
  timeout: 'tcp.timeout',
  unreachable: 'tcp.unreachable',
  reset: 'tcp.reset',
  failed: 'tcp.unreachable',
};

const noConnection: Rule = {
  codes: ['tcp.refused', 'tcp.timeout', 'tcp.unreachable', 'tcp.reset'],
  find: (view) => {
    const { failed, tcp } = view;
    if (failed !== 'tcp' || tcp === undefined) return undefined;
    // An address of a family that this machine lacks says nothing about the server.
    const telling = tcp.attempts.filter(({ outcome }) => outcome !== 'unreachable');
    const considered = telling.length > 0 ? telling : tcp.attempts;
    const codes = [
      ...new Set(
        considered.map(({ outcome }) => (outcome === 'connected' ? 'tcp.reset' : outcomeCodes[outcome])),
      ),
    ];
    return codes.map((code): Finding => {
      const because = [...attemptWords(tcp.attempts), ...strangeAddresses(view)];
      const certainty = codes.length === 1 ? 'proven' : 'likely';
      return finding(code, certainty, because, portAdvice(view));
    });
  },
};

function attemptWords(attempts: readonly TcpAttempt[]): readonly Finding['because'][number][] {
  return attempts.map(({ address, outcome, code, ms }) => {
    const what =
      outcome === 'timeout'
        ? `no answer within ${ms} ms`
        : outcome === 'connected'
          ? 'connected'
          : (code ?? outcome);
    return saw('tcp', `${address}: ${what}`);
  });
}

/** A DNS filter answers with an address that leads nowhere. */
function strangeAddresses({ dns }: View): readonly Finding['because'][number][] {
  if (dns === undefined || dns.literal || /^localhost\.?$/i.test(dns.name)) return [];
  const strange = dns.addresses.filter(({ address }) => /^(?:0\.0\.0\.0|127\.|::1$|::$)/.test(address));
  return strange.map(({ address }) =>
    saw('dns', `the name leads to ${address}, which is this machine: a DNS filter or a hosts file`),
  );
}

function portAdvice(view: View): readonly string[] {
  const { port } = view.target;
  return port === 8883 ? [] : ['MQTT over TLS usually has port 8883:', portCommand(view, 8883)];
}

export const networkRules: readonly Rule[] = [dns, otherFamily, noConnection];
