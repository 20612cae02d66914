import { once } from 'node:events';
import { SapcertError } from '../../errors.js';
import type { FaultRow, Sandbox, SandboxEvent } from '../../sandbox/index.js';
import type { ExitCode } from '../exit-code.js';
import { onOneLine, wrap } from '../layout.js';
import { readWholeNumber } from '../numbers.js';
import { type Arguments, type CommandSpec, flag, jsonOption, text } from '../options.js';
import { printJson, schemaVersion } from '../report.js';
import { type Terminal, painter } from '../terminal.js';

export const sandboxSpec: CommandSpec = {
  name: 'sandbox',
  describe: 'run a local gateway that behaves like SAP’s, with device bundles to try; no account is needed',
  options: {
    dir: {
      type: 'string',
      value: 'DIR',
      describe: 'where authorities, bundles and secrets are kept and taken up again',
      shownDefault: 'a new folder, removed at the end',
    },
    port: { type: 'string', value: 'N', describe: 'the port on loopback; 0 for any', shownDefault: '8883' },
    devices: { type: 'string', value: 'N', describe: 'how many device bundles to make', shownDefault: '1' },
    'tls-version': {
      type: 'string',
      choices: ['1.2', '1.3'],
      describe: 'exactly this one',
      shownDefault: '1.2',
    },
    fault: {
      type: 'string',
      value: 'NAME',
      describe: 'misbehave in this way; list shows all of them',
      completions: async () => {
        const { listFaults } = await import('../../sandbox/index.js');
        return ['list', ...listFaults().map(({ name }) => name)];
      },
    },
    ...jsonOption,
  },
  examples: [
    ['sapcert sandbox', 'a gateway on port 8883 and one device; Ctrl-C ends it'],
    ['sapcert sandbox --port 0 --devices 5 --dir try', 'any free port, five devices, kept in try/'],
    ['sapcert sandbox --fault list', 'every way in which it can misbehave'],
  ],
};

export async function runSandbox(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const { isFaultName, listFaults, startSandbox } = await import('../../sandbox/index.js');
  const fault = text(args, 'fault');
  const json = flag(args, 'json');
  if (fault === 'list') return showFaults(listFaults(), json, terminal);
  if (fault !== undefined && !isFaultName(fault)) {
    throw new SapcertError('usage.invalid', `there is no fault of the name ${fault}`, {
      hint: 'sapcert sandbox --fault list shows all of them',
    });
  }
  if (terminal.stderrIsTerminal) terminal.err('making keys and certificates, a moment please\n');
  const sandbox = await startSandbox({
    dir: text(args, 'dir'),
    port: readWholeNumber(text(args, 'port'), 'port', 0, 65_535) ?? 8883,
    devices: readWholeNumber(text(args, 'devices'), 'devices', 1, 100_000),
    tlsVersion: (['1.2', '1.3'] as const).find((version) => version === text(args, 'tls-version')),
    fault,
    onEvent: (event) => terminal.err(`${onOneLine(describeEvent(event))}\n`),
    signal: terminal.signal,
  });
  try {
    if (json) printReady(sandbox, terminal);
    else explainReady(sandbox, terminal);
    if (!terminal.signal.aborted) await once(terminal.signal, 'abort');
  } finally {
    await sandbox.close();
  }
  return 0; // Ctrl-C is how a gateway ends
}

function showFaults(faults: readonly FaultRow[], json: boolean, terminal: Terminal): ExitCode {
  if (json) {
    printJson(terminal, { schemaVersion, faults });
    return 0;
  }
  const paint = painter(terminal.env, terminal.stdoutIsTerminal);
  for (const { name, shows } of faults) {
    terminal.out(
      `${[paint('bold', name), ...wrap(shows, terminal.columns - 4).map((line) => `    ${line}`)].join('\n')}\n`,
    );
  }
  return 0;
}

function printReady({ host, port, ca, devices }: Sandbox, terminal: Terminal): void {
  printJson(terminal, { schemaVersion, host, port, ca, devices });
}

function explainReady({ host, port, ca, devices }: Sandbox, terminal: Terminal): void {
  const [first] = devices;
  const paint = painter(terminal.env, terminal.stdoutIsTerminal);
  const line = (words = ''): void => terminal.out(`${words}\n`);
  line(`test gateway on ${host}:${port}, loopback only; its keys are for trying, not for use`);
  line(`  CA       ${onOneLine(ca)}`);
  for (const { deviceId, bundle } of devices.slice(0, shownDevices))
    line(`  device   ${deviceId}  ${onOneLine(bundle)}`);
  if (devices.length > shownDevices) line(`  … and ${devices.length - shownDevices} more`);
  if (first === undefined) return;
  const where = `--host ${host}:${port} --ca ${shellWord(ca)}`;
  line('\ntry, in another terminal:');
  for (const command of tryCommands(shellWord(first.bundle), where)) line(`  ${paint('bold', command)}`);
  line('\nCtrl-C ends it');
}

/** A path as a shell takes it, quoted where it has to be. */
function shellWord(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

const shownDevices = 10;

function tryCommands(bundle: string, where: string): string[] {
  return [
    `sapcert strip ${bundle}`,
    `sapcert check ${bundle} ${where}`,
    `sapcert send ${bundle} ${where} --capability c1 --sensor s1 --measure temperature=25`,
  ];
}

function describeEvent(event: SandboxEvent): string {
  switch (event.type) {
    case 'connected':
    case 'disconnected':
      return `${event.deviceId} ${event.type}`;
    case 'refused': {
      const code = event.returnCode === undefined ? '' : ` with CONNACK return code ${event.returnCode}`;
      return `${event.deviceId ?? 'a client'} refused${code}: ${event.reason}`;
    }
    case 'subscribed':
      return `${event.deviceId} ${event.granted ? 'subscribed to' : 'may not subscribe to'} ${event.topic}`;
    case 'publish-refused':
      return `${event.deviceId} may not publish to ${event.topic}: ${event.reason}`;
    case 'measures':
      return `${event.deviceId} sent measures: acknowledged with ${event.acknowledgements.map(({ code }) => code).join(', ')}`;
  }
}
