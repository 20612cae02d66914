import type { X509Certificate } from 'node:crypto';
import { type StageEvidence, skipped } from './evidence.js';
import type { CheckOptions } from './options.js';
import type { Connection } from './probes/connection.js';
import type { Deadline } from './probes/deadline.js';
import type { FileProbe } from './probes/file.js';
import type { MqttSession } from './probes/mqtt-session.js';
import { probeMqtt } from './probes/mqtt.js';
import type { Judge, OpensslVersion } from './probes/tls-context.js';
import { probeTls } from './probes/tls.js';
import type { Target } from './target.js';
import { tlsOptions } from './tls-plan.js';

/** All that a pass over a connection needs. */
export interface CheckContext {
  readonly options: CheckOptions;
  readonly target: Target;
  readonly file: FileProbe;
  readonly judge: Judge;
  /** The whole CA file is trusted, although OpenSSL may then send more certificates than the file holds. */
  readonly fullTrust: boolean;
  readonly deadline: Deadline;
}

/** What a pass does otherwise than the first one. */
export interface Variation {
  readonly versions?: readonly [min: OpensslVersion, max: OpensslVersion];
  readonly alpn?: readonly string[];
  readonly withoutSni?: boolean;
  /** The certificates to send; `none`: go without. */
  readonly certificates?: readonly X509Certificate[] | 'none';
  readonly holdMs?: number;
  readonly mqttVersion?: Target['mqttVersion'];
  readonly clientId?: string;
  /** How long to stay connected. */
  readonly stayMs?: number;
  /** Go no further than this. */
  readonly until?: 'tls';
}

export interface Pass {
  readonly stages: readonly StageEvidence[];
  /** Connected and alive; whoever takes it closes it. */
  readonly session?: MqttSession;
}

/** What the first pass does and no experiment: it may subscribe and stay. */
export interface FirstPass {
  readonly subscribe: readonly string[];
  readonly watchMs: number;
  readonly onMqtt: () => void;
}

/** TLS and MQTT over a fresh connection, as the target says, with what is varied. Publishes nothing. */
export async function runPass(
  context: CheckContext,
  connection: Connection,
  stageMs: number,
  variation: Variation,
  first?: FirstPass,
): Promise<Pass> {
  const { target, options, deadline } = context;
  const tls = await probeTls(connection, tlsOptions(context, variation), deadline.within(stageMs));
  if (tls.channel === undefined)
    return { stages: [tls.evidence, skipped('mqtt', 'TLS did not get that far')] };
  if ((variation.until ?? target.until) === 'tls') {
    await tls.channel.finish();
    return { stages: [tls.evidence, skipped('mqtt', 'not asked for')] };
  }
  first?.onMqtt();
  const mqttOptions = {
    version: variation.mqttVersion ?? target.mqttVersion,
    clientId: variation.clientId ?? target.clientId,
    username: options.username,
    password: options.password,
    subscribe: first?.subscribe ?? [],
    watchMs: variation.stayMs ?? first?.watchMs ?? 0,
    timeoutMs: stageMs,
  };
  const mqtt = await probeMqtt(connection, tls.channel, mqttOptions, deadline);
  const stages = [tls.evidence, mqtt.evidence];
  return mqtt.session === undefined ? { stages } : { stages, session: mqtt.session };
}

/** Ends a session in order, so that no Will Message and no error is left at the broker. */
export async function sayGoodbye(session: MqttSession): Promise<void> {
  await session.send({ cmd: 'disconnect', reasonCode: 0 });
  await session.channel.finish();
}
