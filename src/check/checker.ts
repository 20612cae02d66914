import { decodeWire, wireFacts } from '../wire/index.js';
import { profiles } from '../profiles.js';
import { encodeText, idMaker } from '../connector/measures.js';
import { parseCertificate } from './certificate.js';
import {
  type Evidence,
  type ExperimentEvidence,
  type StageEvidence,
  type StageName,
  ran,
  skipped,
  stageNames,
} from './evidence.js';
import { makeJudge } from './judge.js';
import type { CheckOptions } from './options.js';
import { type CheckContext, type Pass, runPass, sayGoodbye, type Variation } from './pass.js';
import { planTarget } from './plan.js';
import { type Message, probeAck } from './probes/ack.js';
import { type Connection, openConnection } from './probes/connection.js';
import { Deadline } from './probes/deadline.js';
import { probeDns } from './probes/dns.js';
import { type FileProbe, probeFile } from './probes/file.js';
import { probeTcp } from './probes/tcp.js';
import { runExperiments } from './run-experiments.js';
import type { Target } from './target.js';
import { leavesOutTrust } from './tls-plan.js';

interface FirstResult {
  readonly pass: Pass;
  readonly used: Connection;
}

/** One check: the stages in order, then the experiments. Collects evidence and judges nothing. */
export class Checker {
  readonly #stages: StageEvidence[] = [];
  #experiments: readonly ExperimentEvidence[] = [];

  constructor(
    private readonly options: CheckOptions,
    private readonly checkedAt: string,
  ) {}

  async run(): Promise<Evidence> {
    this.#start('file');
    const file = await probeFile(this.options);
    this.#stages.push(file.evidence);
    const target = planTarget(this.options, file);
    this.options.onProgress?.({ kind: 'target', target });
    this.options.onProgress?.({ kind: 'stage', evidence: file.evidence });
    if (file.evidence.outcome === 'ok') await this.#connect(this.#contextOf(target, file));
    return { target, checkedAt: this.checkedAt, stages: this.#complete(), experiments: this.#experiments };
  }

  #contextOf(target: Target, file: FileProbe): CheckContext {
    const { timeoutMs, watchMs } = target;
    // Every stage has its own time; this is only the end of all patience.
    const deadline = new Deadline(
      watchMs + timeoutMs * (12 + (this.options.subscribe?.length ?? 0)),
      this.options.signal,
    );
    return {
      options: this.options,
      target,
      file,
      judge: makeJudge(this.options, target, file),
      fullTrust: false,
      deadline,
    };
  }

  async #connect(context: CheckContext): Promise<void> {
    const { target, deadline } = context;
    const { host, port, timeoutMs, until } = target;
    this.#start('dns');
    const dns = await probeDns(host, deadline.within(timeoutMs), this.options.lookup);
    if (!this.#add(dns) || until === 'dns') return;
    this.#start('tcp');
    const tcp = await probeTcp(dns.facts.addresses, port, deadline.within(timeoutMs));
    const reached = this.#add(tcp.evidence);
    if (!reached || tcp.connection === undefined) {
      await this.#experiment(context, dns.facts.addresses[0]?.address ?? host, undefined);
      return;
    }
    if (until === 'tcp') {
      tcp.connection.stream.destroy();
      return;
    }
    await this.#speak(context, tcp.connection);
  }

  /** TLS, MQTT and the acknowledgement over the connection that TCP gave. */
  async #speak(context: CheckContext, connection: Connection): Promise<void> {
    this.#start('tls');
    const { pass, used } = await this.#firstPass(context, connection);
    for (const stage of pass.stages) this.#add(stage);
    if (pass.session !== undefined) {
      await this.#acknowledge(context, used, pass.session);
      await sayGoodbye(pass.session);
    }
    this.options.onConnection?.({ label: 'first-pass', recording: used.recording, keylog: used.keylog });
    if (this.#stages.some(({ outcome }) => outcome === 'failed'))
      await this.#experiment(context, connection.address, used);
  }

  /**
   * MQTT 3.1.1 has no word for a refused PUBLISH (section 3.3.5): brokers acknowledge it and drop it. Where a message
   * is to be published and nobody said which version, MQTT 5 is tried first, and 3.1.1 where it is not accepted.
   */
  async #firstPass(context: CheckContext, connection: Connection): Promise<FirstResult> {
    if (!prefersMqtt5(context)) return this.#onePass(context, connection, {});
    const modern = await this.#onePass(context, connection, { mqttVersion: '5' });
    const answer = ran(modern.pass.stages, 'mqtt')?.facts;
    if (answer === undefined || answer.connack?.code === 0) return modern;
    const again = await this.#connectAgain(context, connection);
    return again === undefined ? modern : this.#onePass(context, again, {});
  }

  /** A server whose chain needs what was left out of the trust gets a second try with all of it. */
  async #onePass(context: CheckContext, connection: Connection, variation: Variation): Promise<FirstResult> {
    const { target, options } = context;
    const first = {
      subscribe: options.subscribe ?? [],
      watchMs: target.watchMs,
      onMqtt: () => {
        this.#notice(target);
        this.#start('mqtt');
      },
    };
    const pass = await runPass(context, connection, target.timeoutMs, variation, first);
    const verdict = ran(pass.stages, 'tls')?.facts.verdict;
    const partly =
      verdict?.trusted === false && verdict.anchored && verdict.error?.startsWith('UNABLE_TO') === true;
    if (!partly || !leavesOutTrust(context)) return { pass, used: connection };
    const again = await this.#connectAgain(context, connection);
    if (again === undefined) return { pass, used: connection };
    const full = await runPass({ ...context, fullTrust: true }, again, target.timeoutMs, variation, first);
    return { pass: full, used: again };
  }

  async #connectAgain(
    { target, deadline }: CheckContext,
    { address, port }: Connection,
  ): Promise<Connection | undefined> {
    const again = await openConnection(address, port, deadline.within(target.timeoutMs));
    return again.outcome === 'connected' ? again.connection : undefined;
  }

  #notice({ clientId, clientIdFrom, ownDeviceId, experiments }: Target): void {
    if (clientIdFrom === 'random') return;
    const own = ownDeviceId === undefined || ownDeviceId === clientId;
    const message = own
      ? `connecting as client id ${clientId}: if the device is running it is disconnected now (--client-id uses another)`
      : `connecting as client id ${clientId}${
          experiments
            ? `; if that fails, ${ownDeviceId} may be tried as well, which disconnects the device if it is running (--no-experiments leaves that out)`
            : `: a client that is connected with it is disconnected now`
        }`;
    this.options.onProgress?.({ kind: 'notice', message });
  }

  async #acknowledge(
    context: CheckContext,
    connection: Connection,
    session: NonNullable<Pass['session']>,
  ): Promise<void> {
    const { target, deadline } = context;
    const message = messageOf(this.options, target);
    const connack = ran(this.#stages, 'mqtt')?.facts.connack;
    if (target.until !== 'ack' || message === undefined || connack === undefined) return;
    this.#start('ack');
    this.#add(
      await probeAck(connection, session, { message, connack, timeoutMs: target.timeoutMs }, deadline),
    );
  }

  async #experiment(context: CheckContext, address: string, first: Connection | undefined): Promise<void> {
    if (!context.target.experiments || this.options.signal?.aborted === true) return;
    const sent =
      first === undefined
        ? []
        : (wireFacts(decodeWire(first.recording, first.keylog).events).serverCertificates ?? []);
    const { onProgress, onConnection } = this.options;
    this.#experiments = await runExperiments({
      context,
      evidence: {
        target: context.target,
        checkedAt: this.checkedAt,
        stages: this.#complete(),
        experiments: [],
      },
      address,
      serverCertificates: sent
        .slice(0, 32)
        .map(parseCertificate)
        .filter((found) => found !== undefined),
      onStart: ({ id, title }) => onProgress?.({ kind: 'experiment-started', id, title }),
      onEnd: (evidence) => onProgress?.({ kind: 'experiment', evidence }),
      onConnection: (label, { recording, keylog }) => onConnection?.({ label, recording, keylog }),
    });
  }

  #start(stage: StageName): void {
    this.options.onProgress?.({ kind: 'stage-started', stage });
  }

  /** A stage that was broken off says nothing about the server. @returns whether to go on */
  #add(stage: StageEvidence): boolean {
    const broken = this.options.signal?.aborted === true && stage.outcome === 'failed';
    const evidence = broken ? skipped(stage.stage, 'interrupted') : stage;
    this.#stages.push(evidence);
    if (evidence.outcome !== 'skipped') this.options.onProgress?.({ kind: 'stage', evidence });
    return evidence.outcome === 'ok';
  }

  /** All six stages, those that were not run with the reason. */
  #complete(): readonly StageEvidence[] {
    const failed = this.#stages.some(({ outcome }) => outcome === 'failed');
    const interrupted = this.options.signal?.aborted === true;
    const reason = failed ? 'an earlier stage failed' : interrupted ? 'interrupted' : 'not asked for';
    return stageNames.map(
      (name) => this.#stages.find(({ stage }) => stage === name) ?? (skipped(name, reason) as StageEvidence),
    );
  }
}

function prefersMqtt5({ options: { publish, mqttVersion }, target }: CheckContext): boolean {
  const acknowledged = publish !== undefined && publish.qos !== 0;
  const both = profiles[target.profile].mqttVersions.includes('5');
  return acknowledged && both && mqttVersion === undefined && target.until === 'ack';
}

/** What the user told the check to publish; nothing otherwise. */
function messageOf(options: CheckOptions, target: Target): Message | undefined {
  const { measure, publish } = options;
  if (publish !== undefined) {
    const { topic, message, qos = 1 } = publish;
    return { topic, payload: Buffer.from(message), qos, ids: [] };
  }
  if (measure === undefined) return undefined;
  const topics = profiles[target.profile].topics(target.deviceId ?? target.clientId);
  const text = JSON.stringify(measure);
  const encoded = encodeText(text, idMaker()) ?? { payload: text, ids: [] };
  return {
    topic: topics.publish ?? `measures/${target.deviceId ?? target.clientId}`,
    payload: Buffer.from(encoded.payload),
    qos: 1,
    ackTopic: topics.acknowledgements,
    ids: encoded.ids,
  };
}
