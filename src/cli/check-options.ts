import { maximumInputSize } from '../bundle/material.js';
import type { CheckOptions } from '../check/index.js';
import type { Warning } from '../bundle/types.js';
import { SapcertError } from '../errors.js';
import { readInput } from '../files/index.js';
import { choice, targetOptions } from './connection.js';
import { readDuration } from './duration.js';
import { displayName, readBundleInput, secretFor } from './inputs.js';
import { readJson } from './numbers.js';
import { type Arguments, flag, list, text } from './options.js';
import { readSource } from './secret.js';
import type { Terminal } from './terminal.js';

/** What the flags and files say, and what is to be said about them. */
export interface ReadCheckOptions {
  readonly options: CheckOptions;
  readonly warnings: readonly Warning[];
}

/**
 * Reads flags and files into the options of the library's call.
 *
 * @throws SapcertError `usage.invalid`, `key.passphrase-missing` (a secret's source that is empty)
 */
export async function readCheckOptions(args: Arguments, terminal: Terminal): Promise<ReadCheckOptions> {
  const bundle = await readDevice(args, terminal);
  const ca = text(args, 'ca');
  const { defaultRoots } = await import('../connector/index.js');
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
async function readDevice(args: Arguments, terminal: Terminal): Promise<ReadCheckOptions> {
  const [name] = args.inputs;
  if (name === undefined) return { options: {}, warnings: [] };
  try {
    const { bytes, key, chain, keyFile, chainFile, allowSlowKdf } = readBundleInput(name, args);
    const secret = await secretFor({ name, bytes, key }, args, terminal);
    const options = {
      input: bytes,
      inputName: displayName(name),
      key,
      keyName: keyFile,
      chain,
      chainName: chainFile,
    };
    return {
      options: { ...options, passphrase: secret?.passphrase, allowSlowKdf },
      warnings: secret?.warnings ?? [],
    };
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
  if (text(args, 'until') === 'ack' && topic === undefined && measure === undefined) {
    throw new SapcertError('usage.invalid', '--until ack needs something to publish', {
      hint: 'give --measure JSON, or --publish TOPIC --message TEXT',
    });
  }
  const until = text(args, 'until');
  const idle = ['measure', 'publish', 'subscribe', 'watch'].find((name) => name in args.options);
  if (idle !== undefined && until !== undefined && ['dns', 'tcp', 'tls'].includes(until)) {
    throw new SapcertError('usage.invalid', `--${idle} has no effect with --until ${until}`, {
      hint: 'it needs MQTT: leave one of the two out',
    });
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
