import type { DiagnosisCode } from '../../../codes.js';
import type { ExperimentId } from '../../evidence.js';
import type { TlsFacts } from '../../facts/index.js';
import { type TlsFailure, tlsFailure } from '../failure.js';
import { type Finding, type Rule, finding, saw, sawIn } from '../rule.js';
import { type View, tlsOf } from '../view.js';
import { httpSigns } from './port.js';

/** What was seen, and how sure it is that nothing else is behind it: `tried` when all that could be was tried. */
interface Silence {
  readonly code: DiagnosisCode;
  readonly certainty: Finding['certainty'] | 'tried';
  readonly saw: string;
}

/** The server said nothing, or ended the connection before it said anything. */
const wordless: Rule = {
  codes: ['tls.silent', 'tls.partial-then-silent', 'tcp.closed', 'tcp.reset'],
  find: (view) => {
    const { tls, failed } = view;
    if (failed !== 'tls' || tls === undefined || isExplained(view)) return undefined;
    const silence = silenceOf(tls, tlsFailure(tls));
    if (silence === undefined) return undefined;
    const certainty =
      silence.certainty !== 'tried' ? silence.certainty : allTried(view) ? 'proven' : 'likely';
    const tried = view.experiments.map(({ id, title, summary }) =>
      sawIn(id, `${title.replace(/^tried again /, '')}: ${summary}`),
    );
    const advice = isSlow(tls) ? ['Give it more time: --timeout 60s.'] : [];
    return finding(silence.code, certainty, [saw('tls', silence.saw), ...tried], advice);
  },
};

/** Something else was tried and got an answer. */
function isExplained(view: View): boolean {
  if (view.experiment('repeat')?.outcome === 'accepted') return false;
  const further = (facts: TlsFacts | undefined): boolean =>
    facts?.version !== undefined && view.tls?.version === undefined;
  const handshake = view.experiments.some(
    (experiment) => experiment.outcome === 'accepted' || further(tlsOf(experiment)),
  );
  const plain = view.experiment('plain-mqtt')?.facts?.connackCode !== undefined;
  return handshake || plain || httpSigns(view).length > 0;
}

function silenceOf(tls: TlsFacts, failure: TlsFailure): Silence | undefined {
  if (failure === 'stalled' && isSlow(tls)) {
    const saw = `after ${tls.bytes.server} bytes of the handshake the time was up, and more was still coming: the server or the path is slow`;
    return { code: 'tls.partial-then-silent', certainty: 'likely', saw };
  }
  if (failure === 'stalled') {
    const certainty = tls.partial === undefined ? 'likely' : 'proven';
    return { code: 'tls.partial-then-silent', certainty, saw: stalledWords(tls) };
  }
  if (failure !== 'broken-off') return atOnce[failure];
  if (tls.end?.by !== 'server' || tls.alerts.length > 0 || tls.reach === 'secured') return undefined;
  const code = tls.end.how === 'fin' ? 'tcp.closed' : 'tcp.reset';
  return { code, certainty: 'likely', saw: brokenOffWords(tls) };
}

function brokenOffWords({ partial, end }: TlsFacts): string {
  const how = end?.how === 'fin' ? 'the server closed the connection' : 'the connection was reset';
  return partial === undefined
    ? `${how} in the middle of the handshake`
    : `${how} when ${partial.have} of ${partial.need} bytes of a ${partial.what} had come`;
}

/** Its last bytes came a moment ago, or not much longer ago than it had paused before. */
function isSlow({ quiet, pause = 0 }: TlsFacts): boolean {
  return quiet !== undefined && quiet < Math.max(slow, 2 * pause);
}

/** Milliseconds. A server that is well does not pause as long within a handshake. */
const slow = 500;

const atOnce: Readonly<Partial<Record<TlsFailure, Silence>>> = {
  silent: {
    code: 'tls.silent',
    certainty: 'tried',
    saw: 'the server took the connection and never answered',
  },
  'closed-at-once': {
    code: 'tcp.closed',
    certainty: 'tried',
    saw: 'the server closed the connection without a byte of TLS',
  },
  'reset-at-once': {
    code: 'tcp.reset',
    certainty: 'tried',
    saw: 'the connection was reset after our first bytes, before any answer',
  },
};

/** Nothing that sapcert knows of is left that could be the cause. */
function allTried({ target, experiment }: View): boolean {
  const all: readonly ExperimentId[] = [
    'plain-mqtt',
    'plain-http',
    ...(target.alpn.length > 0 ? [] : (['alpn'] as const)),
    ...(target.tlsVersion === '1.2' ? [] : (['tls-1.2'] as const)),
    // Whether a name would help cannot be tried where the host is an address.
    'without-sni',
  ];
  return all.every((id) => experiment(id) !== undefined);
}

function stalledWords({ partial, bytes }: TlsFacts): string {
  if (partial === undefined) {
    return `the server stopped answering in the middle of the handshake, after ${bytes.server} bytes`;
  }
  return `${partial.have} of ${partial.need} bytes of a ${partial.what} came, and then nothing more`;
}

export const wordlessRules: readonly Rule[] = [wordless];
