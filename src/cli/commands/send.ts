import { once } from 'node:events';
import { maximumInputSize } from '../../bundle/material.js';
import type { FoundSecret } from '../../bundle/secret.js';
import type {
  ConnectDeviceOptions,
  DeviceCommand,
  DeviceConnection,
  SendSummary,
} from '../../connector/index.js';
import { SapcertError } from '../../errors.js';
import { readInput } from '../../files/index.js';
import { refuseWithout } from '../effect.js';
import { readDuration } from '../duration.js';
import type { ExitCode } from '../exit-code.js';
import { type BundleInput, explainSecret, readBundleInput, secretFor } from '../inputs.js';
import { readWholeNumber } from '../numbers.js';
import {
  type Arguments,
  type CommandSpec,
  flag,
  jsonOption,
  partOptions,
  secretOptions,
  text,
} from '../options.js';
import { choice, connectionOptions, loginOptions, targetOptions } from '../connection.js';
import { RefusedFile } from '../refused-file.js';
import { jsonLine, printWarnings } from '../report.js';
import { say } from '../say.js';
import { readSource } from '../secret.js';
import { SendResults } from '../send-results.js';
import { type Source, sizeOf, sourceOf } from '../send-source.js';
import type { Terminal } from '../terminal.js';

export const sendSpec: CommandSpec = {
  name: 'send',
  describe: 'send measures as a device, one by flags or many as NDJSON, and wait for each acknowledgement',
  positional: { name: 'input', describe: 'bundle of the device', required: true, many: false },
  options: {
    capability: { type: 'string', value: 'ID', describe: 'capability alternate id of the measure' },
    sensor: { type: 'string', value: 'ID', describe: 'sensor alternate id of the measure' },
    measure: {
      type: 'string',
      value: 'NAME=VALUE',
      repeatable: true,
      describe: 'a property and its value; may be repeated',
    },
    file: {
      type: 'string',
      value: 'FILE',
      describe: 'NDJSON messages, one a line',
      shownDefault: 'standard input',
    },
    topic: {
      type: 'string',
      value: 'TOPIC',
      describe: 'where to publish',
      shownDefault: 'measures/<device>',
    },
    qos: { type: 'string', choices: ['0', '1', '2'], describe: 'quality of service', shownDefault: '1' },
    window: {
      type: 'string',
      value: 'N',
      describe: 'messages under way at a time',
      shownDefault: '100, more where it is faster',
    },
    'no-ack': { type: 'boolean', describe: 'the broker’s PUBACK is enough' },
    'ack-timeout': {
      type: 'string',
      value: 'TIME',
      describe: 'how long to wait for an acknowledgement',
      shownDefault: '30s',
    },
    refused: {
      type: 'string',
      value: 'FILE',
      describe: 'write what was not accepted to FILE, to be sent again with --file',
    },
    listen: { type: 'boolean', describe: 'print commands for the device as NDJSON until Ctrl-C' },
    quiet: { type: 'boolean', describe: 'no line for each message' },
    ...connectionOptions,
    ...loginOptions,
    ...partOptions,
    ...secretOptions,
    ...jsonOption,
  },
  examples: [
    [
      'sapcert send device.pem --host demo.eu10.cp.iot.sap --capability c1 --sensor s1 --measure temperature=25',
      'one measure',
    ],
    [
      'sapcert send device.pem --host H --refused again.ndjson < measures.ndjson',
      'many; what is refused goes to a file',
    ],
    ['sapcert send device.pem --host H --listen', 'wait for commands'],
  ],
  wordsHint: 'a measure goes with --measure NAME=VALUE, a file of them with --file FILE',
};

/** Options that say how another one is meant. */
const needs = { capability: ['measure'], sensor: ['measure'] };

export async function runSend(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  refuseWithout(needs, args);
  const connector = await import('../../connector/index.js');
  const refused = text(args, 'refused');
  const results = {
    json: flag(args, 'json'),
    quiet: flag(args, 'quiet'),
    refused: refused === undefined ? undefined : new RefusedFile(refused),
    bytes: sizeOf(text(args, 'file')),
  };
  const source = sourceOf(args, terminal, connector.ndjsonBatches);
  const { options, input, secret } = await connectOptions(args, terminal);
  const connection = await connector
    .connectDevice(options)
    .catch((error: unknown) => pointToCheck(explainSecret(error, input, secret)));
  reportState(connection, terminal);
  try {
    if (flag(args, 'listen')) connection.onCommand((command) => printCommand(command, terminal));
    const code =
      source === undefined
        ? 0
        : await sendAll(connection, source, new SendResults(terminal, results), args, terminal);
    if (flag(args, 'listen') && !terminal.signal.aborted) {
      say('note', 'waiting for commands; Ctrl-C ends it', terminal);
      await untilEnd(connection, terminal.signal);
    }
    return code;
  } finally {
    await connection.close();
  }
}

/** Naming the cause is another command's work. */
function pointToCheck(error: unknown): never {
  if (!(error instanceof SapcertError) || !/^(?:tcp|tls|mqtt)\./.test(error.code)) throw error;
  const [plain, full] = [
    'sapcert check finds the cause',
    'sapcert check, with the same options, finds the cause',
  ];
  const hint = error.hint?.includes(plain)
    ? error.hint.replace(plain, full)
    : [error.hint, full].filter((part) => part !== undefined).join('; ');
  throw new SapcertError(error.code, error.message, { hint, cause: error });
}

async function sendAll(
  connection: DeviceConnection,
  source: Source,
  results: SendResults,
  args: Arguments,
  terminal: Terminal,
): Promise<ExitCode> {
  const qos = ([0, 1, 2] as const).find((level) => String(level) === text(args, 'qos'));
  try {
    const summary = await connection.sendAll(source, {
      topic: text(args, 'topic'),
      qos,
      signal: terminal.signal,
      onResult: results.take,
    });
    results.finish();
    if (!flag(args, 'listen')) advise(summary, terminal);
    return summary.refused + summary.unanswered + summary.invalid === 0 ? 0 : 1;
  } catch (error) {
    results.finish();
    throw error;
  }
}

/** Where nothing came of all of it, the reason is none of a single line. */
function advise({ acknowledged, refused, unanswered, invalid }: SendSummary, terminal: Terminal): void {
  if (acknowledged + refused + unanswered > 0) return;
  if (invalid === 0) return say('note', 'there was nothing to send: the input is empty', terminal);
  const example = '{"capabilityAlternateId":"c","sensorAlternateId":"s","measures":[["25"]]}';
  say('hint', `each line is a message by itself, in UTF-8: ${example}`, terminal);
  say('hint', 'jq -c . FILE makes such lines of JSON that stands over several', terminal);
}

/** @throws SapcertError why the connection ended for good, if it was not the user who ended it */
async function untilEnd(connection: DeviceConnection, signal: AbortSignal): Promise<void> {
  const ended: Promise<unknown[]> = once(connection, 'disconnected');
  const [reason] = await Promise.race([ended, once(signal, 'abort').then((): unknown[] => [])]);
  if (reason !== undefined) throw reason;
}

interface Prepared {
  readonly options: ConnectDeviceOptions;
  readonly input: BundleInput;
  readonly secret: FoundSecret | undefined;
}

async function connectOptions(args: Arguments, terminal: Terminal): Promise<Prepared> {
  const [name = '-'] = args.inputs;
  const input = readBundleInput(name, args);
  const secret = await secretFor(input, args, terminal);
  printWarnings(secret?.warnings ?? [], terminal);
  const [ca, password, ackTimeout] = [text(args, 'ca'), text(args, 'password'), text(args, 'ack-timeout')];
  const options: ConnectDeviceOptions = {
    bundle: input.bytes,
    key: input.key,
    chain: input.chain,
    allowSlowKdf: input.allowSlowKdf,
    passphrase: secret?.passphrase,
    ...targetOptions(args),
    ca: ca === undefined ? undefined : readInput(ca, maximumInputSize),
    password: password === undefined ? undefined : readSource(password, 'password', terminal).passphrase,
    mqttVersion: choice(args, 'mqtt-version', ['3.1.1', '5']),
    window: readWholeNumber(text(args, 'window'), 'window', 1, 65_535),
    ack: flag(args, 'no-ack') ? false : undefined,
    ackTimeout: ackTimeout === undefined ? undefined : readDuration(ackTimeout, 'ack-timeout'),
    signal: terminal.signal,
  };
  return { options, input, secret };
}

function reportState(connection: DeviceConnection, terminal: Terminal): void {
  const note = (words: string): void => say('note', words, terminal);
  connection.on('reconnecting', ({ reason, attempt, delay }) => {
    note(`${reason.message}; attempt ${attempt} to connect again in ${(delay / 1000).toFixed(1)} s`);
  });
  connection.on('connected', ({ reconnects, resending }) => {
    if (reconnects > 0) note(`connected again; ${resending} messages are sent again`);
  });
  connection.on('warning', (error) =>
    printWarnings([{ code: 'connection.warning', message: error.message }], terminal),
  );
}

function printCommand({ topic, payload, ...known }: DeviceCommand, terminal: Terminal): void {
  const body = known.command === undefined ? { payload: Buffer.from(payload).toString() } : known;
  terminal.out(`${jsonLine({ topic, ...body })}\n`);
}
