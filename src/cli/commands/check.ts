import { maximumInputSize } from '../../bundle/material.js';
import type { CheckOptions } from '../../check/index.js';
import { SapcertError } from '../../errors.js';
import { readInput } from '../../files/index.js';
import { checkProgress } from '../check-progress.js';
import { choice, connectionOptions, loginOptions, targetOptions } from '../connection.js';
import { readDuration } from '../duration.js';
import type { ExitCode } from '../exit-code.js';
import { displayName, readBundleInput, secretFor } from '../inputs.js';
import { readJson } from '../numbers.js';
import {
  type Arguments,
  type CommandSpec,
  flag,
  jsonOption,
  list,
  partOptions,
  secretOptions,
  text,
} from '../options.js';
import { printJson } from '../report.js';
import { readSource } from '../secret.js';
import { type Terminal, usesColour } from '../terminal.js';

export const checkSpec: CommandSpec = {
  name: 'check',
  aliases: ['verify-connect'],
  describe:
    'connect step by step (DNS, TCP, TLS, MQTT, acknowledgement) and name the cause when it fails. ' +
    'Connecting with the device’s own id disconnects the device if it is running; --client-id avoids that',
  positional: {
    name: 'input',
    describe: 'bundle of the device; without one the check runs without a client certificate',
    required: false,
    many: false,
  },
  options: {
    ...connectionOptions,
    until: {
      type: 'string',
      choices: ['dns', 'tcp', 'tls', 'mqtt', 'ack'],
      describe: 'the last stage to run',
      shownDefault: 'mqtt',
    },
    ...loginOptions,
    timeout: { type: 'string', value: 'TIME', describe: 'how long a stage may take', shownDefault: '10s' },
    'no-experiments': { type: 'boolean', describe: 'do not try variations to find the cause of a failure' },
    watch: { type: 'string', value: 'TIME', describe: 'stay connected and say what ends the connection' },
    measure: {
      type: 'string',
      value: 'JSON',
      describe: 'publish this measure and wait for its acknowledgement',
    },
    publish: { type: 'string', value: 'TOPIC', describe: 'publish --message to this topic' },
    message: { type: 'string', value: 'TEXT', describe: 'what --publish publishes' },
    qos: {
      type: 'string',
      choices: ['0', '1', '2'],
      describe: 'the quality of service of --publish',
      shownDefault: '1',
    },
    subscribe: {
      type: 'string',
      value: 'TOPIC',
      repeatable: true,
      describe: 'subscribe to this topic; may be repeated',
    },
    ...partOptions,
    ...secretOptions,
    ...jsonOption,
  },
  examples: [
    ['sapcert check device.pem --host demo.eu10.cp.iot.sap', 'can this device connect, and if not, why?'],
    [
      'sapcert check device.pem --host localhost --ca ca.crt --client-id probe-1',
      'without disturbing the running device',
    ],
    [
      'sapcert check --host mqtts://broker.example:8883 --profile generic',
      'the broker alone, without a certificate',
    ],
  ],
};

export async function runCheck(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { checkConnection, exitCode, renderReport } = await import('../../check/index.js');
  const json = flag(args, 'json');
  const { options, warnings } = await readOptions(args, terminal);
  const progress = checkProgress(terminal);
  const report = await checkConnection({ ...options, onProgress: progress.take, signal: terminal.signal });
  progress.clear();
  if (json) printJson(terminal, { ...report, warnings: [...report.warnings, ...warnings] });
  else
    terminal.out(
      renderReport(report, {
        width: Math.min(terminal.columns, 100),
        colour: usesColour(terminal.env, terminal.stdoutIsTerminal),
      }),
    );
  return exitCode(report);
}

type Read = {
  readonly options: CheckOptions;
  readonly warnings: readonly { code: string; message: string }[];
};

async function readOptions(args: Arguments, terminal: Terminal): Promise<Read> {
  const bundle = await readDevice(args, terminal);
  const ca = text(args, 'ca');
  const { defaultRoots } = await import('../../connector/index.js');
  const password = text(args, 'password');
  const options: CheckOptions = {
    ...bundle.options,
    ...(ca === undefined ? { roots: defaultRoots() } : { ca: readOrError(ca), caName: displayName(ca) }),
    ...targetOptions(args),
    until: choice(args, 'until', ['dns', 'tcp', 'tls', 'mqtt', 'ack']),
    mqttVersion: choice(args, 'mqtt-version', ['3.1.1', '5']),
    ...exchangeOptions(args),
    password: password === undefined ? undefined : readSource(password, 'password', terminal).passphrase,
    timeout: duration(args, 'timeout'),
    watch: duration(args, 'watch'),
    experiments: !flag(args, 'no-experiments'),
  };
  return { options, warnings: bundle.warnings };
}

/** What is wrong with the file is the first stage's finding, so it goes into the check as it is. */
async function readDevice(args: Arguments, terminal: Terminal): Promise<Read> {
  const [name] = args.inputs;
  if (name === undefined) return { options: {}, warnings: [] };
  try {
    const { bytes, key, chain, keyFile, chainFile, allowSlowKdf } = readBundleInput(name, args);
    const { passphrase, warnings } = await secretFor({ name, bytes, key }, args, terminal);
    const options = {
      input: bytes,
      inputName: displayName(name),
      key,
      keyName: keyFile,
      chain,
      chainName: chainFile,
    };
    return { options: { ...options, passphrase, allowSlowKdf }, warnings };
  } catch (error) {
    if (!(error instanceof SapcertError) || !error.code.startsWith('file.')) throw error;
    return { options: { input: error, inputName: displayName(name) }, warnings: [] };
  }
}

function readOrError(path: string): Uint8Array | SapcertError {
  try {
    return readInput(path, maximumInputSize);
  } catch (error) {
    if (error instanceof SapcertError) return error;
    throw error;
  }
}

function exchangeOptions(args: Arguments): CheckOptions {
  const [topic, message, measure] = [text(args, 'publish'), text(args, 'message'), text(args, 'measure')];
  if ((topic === undefined) !== (message === undefined)) {
    throw new SapcertError('usage.invalid', '--publish TOPIC and --message TEXT go together');
  }
  const qos = ([0, 1, 2] as const).find((level) => String(level) === text(args, 'qos'));
  return {
    measure: measure === undefined ? undefined : readJson(measure, 'measure'),
    publish: topic === undefined || message === undefined ? undefined : { topic, message, qos },
    subscribe: list(args, 'subscribe'),
  };
}

function duration(args: Arguments, name: string): number | undefined {
  const given = text(args, name);
  return given === undefined ? undefined : readDuration(given, name);
}
