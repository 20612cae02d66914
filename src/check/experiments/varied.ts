import { type TlsFailure, fatalAlert, tlsFailure } from '../diagnose/failure.js';
import { mqttResultWords, tlsResultWords } from '../diagnose/words.js';
import { type StageEvidence, ran } from '../evidence.js';
import type { MqttFacts, TlsFacts } from '../facts/index.js';
import { runPass, sayGoodbye } from '../pass.js';
import type { Bench, Experiment, Result, Varied } from './experiment.js';

type Definition = Omit<Experiment, 'prepare'> & { readonly vary: (bench: Bench) => Varied | undefined };

/** Makes an experiment of a variation: the same pass again, with one thing otherwise. */
export function varied({ vary, ...rest }: Definition): Experiment {
  return {
    ...rest,
    prepare: (bench) => {
      const plan = vary(bench);
      return plan === undefined ? undefined : () => tryAgain(rest.id, plan, bench);
    },
  };
}

/** The pass of the first time with one thing otherwise. */
export async function tryAgain(
  id: Experiment['id'],
  { variation, facts }: Varied,
  bench: Bench,
): Promise<Result> {
  const connection = await bench.connect(id);
  if (connection === undefined) return { outcome: 'no-answer', summary: 'no connection' };
  const context = { ...bench.context, deadline: bench.deadline };
  const pass = await runPass(context, connection, patience(bench), variation);
  if (pass.session !== undefined) await sayGoodbye(pass.session);
  return { ...judge(pass.stages, bench), stages: pass.stages, ...(facts === undefined ? {} : { facts }) };
}

/** Who said nothing at all is asked in many ways: none of them may take long. */
export function patience(bench: Bench): number {
  return failureOf(bench) === 'silent' ? Math.max(500, bench.stageMs / 2) : bench.stageMs;
}

/** Accepted: it got past where the first pass failed. A CONNACK 0 is that, whatever the broker does afterwards. */
export function judge(
  stages: readonly StageEvidence[],
  { view }: Bench,
): Pick<Result, 'outcome' | 'summary'> {
  const tls = ran(stages, 'tls');
  const mqtt = ran(stages, 'mqtt');
  const decisive = view.failed === 'tls' ? tls : (mqtt ?? tls);
  const timedOut = decisive?.facts.timedOut === true;
  const connected = view.mqtt?.connack?.code !== 0 && mqtt?.facts.connack?.code === 0;
  const shaken = tls?.outcome === 'ok' && !refusedLate(tls.facts, mqtt?.facts);
  const passed = view.failed === 'tls' ? shaken : mqtt?.outcome === 'ok' || connected;
  return { outcome: passed ? 'accepted' : timedOut ? 'no-answer' : 'refused', summary: summaryOf(stages) };
}

/**
 * In TLS 1.3 a refusal may come as late as when CONNECT is under way (RFC 8446 section 4.4.2.4): a connection that
 * the server then ends without a CONNACK has not got past TLS for certain.
 */
function refusedLate({ version, request }: TlsFacts, mqtt: MqttFacts | undefined): boolean {
  if (mqtt === undefined || mqtt.connack !== undefined) return false;
  if (fatalAlert(mqtt) !== undefined) return true;
  return version === 'TLSv1.3' && request !== undefined && mqtt.end?.by === 'server';
}

export function summaryOf(stages: readonly StageEvidence[]): string {
  const mqtt = ran(stages, 'mqtt');
  if (mqtt !== undefined) return mqttResultWords(mqtt.facts);
  const tls = ran(stages, 'tls');
  return tls === undefined ? 'no connection' : tlsResultWords(tls.facts);
}

/**
 * How long a connection has to live to prove more than the first, which the broker ended after CONNACK 0. `undefined`:
 * longer than an experiment may take. 0: the first did not come that far.
 */
export function longerThanFirst({ view, context, deadline }: Bench): number | undefined {
  const { mqtt } = view;
  if (mqtt?.connack?.code !== 0 || mqtt.stayedMs === undefined) return 0;
  const ms = mqtt.stayedMs + Math.max(500, mqtt.stayedMs / 5);
  return ms <= Math.min(context.target.timeoutMs, deadline.left / 2) ? ms : undefined;
}

/** How the first handshake failed, where it did. */
export function failureOf({ view }: Bench): TlsFailure | undefined {
  return view.failed === 'tls' && view.tls !== undefined ? tlsFailure(view.tls) : undefined;
}

/** The server ended it, or sent nothing, before it chose a version and a cipher. */
export function failedEarly(bench: Bench): boolean {
  const failure = failureOf(bench);
  return failure !== undefined && early.has(failure);
}

const early: ReadonlySet<TlsFailure> = new Set([
  'silent',
  'closed-at-once',
  'reset-at-once',
  'alert-before-hello',
  'we-refused',
]);
