import { maximumInputSize } from '../../bundle/material.js';
import type { CheckReport, RecordedConnection } from '../../check/index.js';
import { SapcertError } from '../../errors.js';
import { readInput, refuseExisting } from '../../files/index.js';
import { readCheckOptions } from '../check-options.js';
import { checkProgress } from '../check-progress.js';
import { connectionOptions, loginOptions } from '../connection.js';
import { refuseAllBut, refuseWithout } from '../effect.js';
import type { ExitCode } from '../exit-code.js';
import { fleetOptions, isFleet } from '../fleet-options.js';
import { displayName } from '../inputs.js';
import {
  type Arguments,
  type CommandSpec,
  flag,
  jsonOption,
  partOptions,
  secretOptions,
  text,
} from '../options.js';
import { printJson } from '../report.js';
import { type Terminal, usesColour } from '../terminal.js';
import { writeReport } from '../report-file.js';
import { renderTrace, type Trace, traceOf, writeCapture } from '../trace.js';

export const checkSpec: CommandSpec = {
  name: 'check',
  aliases: ['verify-connect'],
  brief: 'connect step by step and name the cause when it fails',
  describe:
    'connect step by step (DNS, TCP, TLS, MQTT, acknowledgement) and name the cause when it fails. ' +
    'Connecting with the device’s own id disconnects the device if it is running; --client-id avoids that',
  positional: {
    name: 'input',
    describe: 'bundle of the device; without one the check runs without a client certificate',
    required: false,
    many: true,
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
    trace: { type: 'boolean', describe: 'show the connections message by message' },
    pcap: {
      type: 'string',
      value: 'FILE',
      describe: 'write what went over the wire as pcapng, with the TLS secrets that decrypt it',
    },
    'pcap-no-secrets': { type: 'boolean', describe: 'write --pcap without the TLS secrets' },
    report: {
      type: 'string',
      value: 'FILE',
      describe:
        'write all of it as one HTML page for a ticket, with names of hosts, devices and companies replaced',
    },
    'no-redact': { type: 'boolean', describe: 'keep the names of hosts, devices and companies in --report' },
    from: {
      type: 'string',
      value: 'FILE',
      describe: 'diagnose a saved --json document again; nothing is contacted',
    },
    ...fleetOptions,
    concurrency: {
      type: 'string',
      value: 'N',
      describe: 'of many devices so many at a time',
      shownDefault: '8',
    },
    rate: { type: 'string', value: 'N', describe: 'of many devices at most so many a second' },
    overwrite: { type: 'boolean', describe: 'replace existing files' },
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
      'sapcert check devices/ --host demo.eu10.cp.iot.sap --secrets secrets.csv',
      'many devices, summed up by cause',
    ],
    [
      'sapcert check --host mqtts://broker.example:8883 --profile generic',
      'the broker alone, without a certificate',
    ],
  ],
};

/** Options that say how another one is meant. */
const needs = { 'pcap-no-secrets': ['pcap'], 'no-redact': ['report'], qos: ['publish'] };

/** What a saved document can still be made into. */
const ofSaved = ['from', 'json', 'trace', 'report', 'no-redact', 'overwrite'];

export async function runCheck(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  refuseWithout(needs, args);
  const saved = text(args, 'from');
  if (saved !== undefined) return showSaved(saved, args, terminal);
  if (!isFleet(args)) return checkNow(args, terminal);
  refuseSingle(args);
  const { runCheckFleet } = await import('../check-fleet.js');
  return runCheckFleet(args, terminal);
}

/** What belongs to one connection has no place in a check of many. */
function refuseSingle(args: Arguments): void {
  const single = ['key', 'chain', 'trace', 'pcap', 'report', 'watch', 'device-id', 'client-id'].find(
    (name) => name in args.options,
  );
  if (single === undefined) return;
  throw new SapcertError('usage.invalid', `--${single} is about one device, but there may be many`, {
    hint: 'check the device on its own',
  });
}

async function checkNow(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { checkConnection, exitCode } = await import('../../check/index.js');
  refuseOutputs(args);
  const { options, warnings } = await readCheckOptions(args, terminal);
  const progress = checkProgress(terminal);
  const connections: RecordedConnection[] = [];
  const found = await checkConnection({
    ...options,
    onProgress: progress.take,
    onConnection: (connection) => void connections.push(connection),
    signal: terminal.signal,
  });
  progress.clear();
  const report = { ...found, warnings: [...found.warnings, ...warnings] };
  const wanted = flag(args, 'trace') || text(args, 'report') !== undefined;
  await show(report, wanted ? await traceOf(connections) : undefined, args, terminal);
  const pcap = text(args, 'pcap');
  if (pcap !== undefined) await writeCapture(pcap, connections, args, terminal);
  return exitCode(report);
}

/** A check takes a while: what cannot be written afterwards is refused before it. */
function refuseOutputs(args: Arguments): void {
  for (const path of [text(args, 'pcap'), text(args, 'report')]) {
    if (path !== undefined) refuseExisting(path, flag(args, 'overwrite'));
  }
}

/** Support can read what a user sent, with the rules of today. */
async function showSaved(path: string, args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { diagnoseSaved, exitCode } = await import('../../check/index.js');
  if (text(args, 'pcap') !== undefined) {
    const hint = 'give --pcap to the check itself';
    throw new SapcertError('usage.invalid', 'a saved document holds no bytes to write as --pcap', { hint });
  }
  refuseAllBut(ofSaved, args, 'with --from nothing is contacted');
  refuseOutputs(args);
  const { report, trace } = diagnoseSaved(
    Buffer.from(readInput(path, maximumInputSize)).toString(),
    displayName(path),
  );
  await show(report, trace, args, terminal);
  return exitCode(report);
}

/** The report as text or JSON, with the trace where it was asked for, and as a file. */
async function show(
  report: CheckReport,
  trace: readonly Trace[] | undefined,
  args: Arguments,
  terminal: Terminal,
): Promise<void> {
  const shown = flag(args, 'trace') ? trace : undefined;
  if (flag(args, 'json')) printJson(terminal, shown === undefined ? report : { ...report, trace: shown });
  else await printText(report, shown, terminal);
  const path = text(args, 'report');
  if (path !== undefined) await writeReport(path, report, trace, args, terminal);
}

async function printText(
  report: CheckReport,
  trace: readonly Trace[] | undefined,
  terminal: Terminal,
): Promise<void> {
  const { renderReport } = await import('../../check/index.js');
  const width = Math.min(terminal.columns, 100);
  if (trace !== undefined) terminal.out(await renderTrace(trace, width));
  terminal.out(renderReport(report, { width, colour: usesColour(terminal.env, terminal.stdoutIsTerminal) }));
}
