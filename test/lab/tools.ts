import { spawn, spawnSync } from 'node:child_process';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { SapcertError } from '../../src/errors.js';
import { peerEnv } from '../support/programs.js';
import { repository } from '../support/run.js';
import type { FailureRow, Setup } from './row.js';
import type { Stand } from './stand.js';

export const toolNames = ['mosquitto_pub', 'mqtt.js', 's_client'] as const;
export type ToolName = (typeof toolNames)[number];

/** What a tool said about a row, and how it ended. */
export interface Said {
  readonly output: string;
  /** `null` when it had to be killed. */
  readonly exitCode: number | null;
}

/** Longer than any of them needs to find out what it can find out. */
const patience = 10_000;

interface Files {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** Runs one of the tools as its user would against the same server with the same files. */
export async function ask(tool: ToolName, row: FailureRow, setup: Setup, stand: Stand): Promise<Said> {
  const files = filesOf(row, setup, stand);
  const [program, ...args] = commands[tool](row, setup, files);
  return finished(await named(setup, stand, [program, ...args]), tool === 's_client');
}

type Command = readonly [string, ...string[]];

const commands: Record<ToolName, (row: FailureRow, setup: Setup, files: Files) => Command> = {
  mosquitto_pub: (row, setup, { ca, cert, key }) => {
    const stays = row.tools === 'subscribe' || row.tools === 'stay';
    const { topic, message, qos } = messageOf(setup);
    return [
      stays ? 'mosquitto_sub' : 'mosquitto_pub',
      '-d',
      '-h',
      hostOf(setup),
      '-p',
      String(setup.port ?? 8883),
      ...(ca === undefined ? ['--capath', '/etc/ssl/certs'] : ['--cafile', ca]),
      ...(cert === undefined ? [] : ['--cert', cert, '--key', key ?? cert]),
      ...option('-i', clientIdOf(setup)),
      ...option('-u', setup.username),
      ...option('-P', setup.password === undefined ? undefined : String(setup.password)),
      ...option('--tls-version', setup.tlsVersion && `tlsv${setup.tlsVersion}`),
      ...option('--tls-alpn', setup.alpn?.[0]),
      ...(setup.mqttVersion === '5' ? ['-V', 'mqttv5'] : []),
      ...(stays
        ? ['-t', setup.subscribe?.[0] ?? 'lab/test', '-W', '6']
        : ['-t', topic, '-m', message, '-q', String(qos)]),
    ];
  },
  'mqtt.js': (row, setup, { ca, cert, key }) => {
    const stays = row.tools === 'subscribe' || row.tools === 'stay';
    const { topic, message, qos } = messageOf(setup);
    return [
      process.execPath,
      join(repository, 'node_modules/mqtt/build/bin/mqtt.js'),
      stays ? 'sub' : 'pub',
      '-h',
      hostOf(setup),
      '-p',
      String(setup.port ?? 8883),
      '-C',
      'mqtts',
      ...option('--ca', ca),
      ...(cert === undefined ? [] : ['--cert', cert, '--key', key ?? cert]),
      ...option('-i', clientIdOf(setup)),
      ...option('-u', setup.username),
      ...option('-P', setup.password === undefined ? undefined : String(setup.password)),
      ...(setup.mqttVersion === '5' ? ['-V', '5'] : []),
      ...(stays
        ? ['-t', setup.subscribe?.[0] ?? 'lab/test', '-v']
        : ['-t', topic, '-m', message, '-q', String(qos)]),
    ];
  },
  s_client: (_, setup, { ca, cert, key }) => {
    const host = hostOf(setup);
    return [
      'openssl',
      's_client',
      '-brief',
      '-verify_return_error',
      '-connect',
      isIP(host) === 6 ? `[${host}]:${setup.port}` : `${host}:${setup.port}`,
      ...(isIP(host) === 0
        ? ['-servername', setup.servername ?? host, '-verify_hostname', setup.servername ?? host]
        : ['-verify_ip', host]),
      ...option('-CAfile', ca),
      ...(cert === undefined ? [] : ['-cert', cert, '-cert_chain', cert, '-key', key ?? cert]),
      ...(setup.tlsVersion === undefined ? [] : [setup.tlsVersion === '1.2' ? '-tls1_2' : '-tls1_3']),
      ...option('-alpn', setup.alpn?.[0]),
    ];
  },
};

function option(name: string, value: string | undefined): readonly string[] {
  return value === undefined || value === '' ? [] : [name, value];
}

function hostOf({ host = 'localhost' }: Setup): string {
  return host.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

function messageOf({ publish, measure, deviceId = 'lab-device-1' }: Setup): {
  topic: string;
  message: string;
  qos: number;
} {
  if (publish !== undefined)
    return { topic: publish.topic, message: String(publish.message), qos: publish.qos ?? 0 };
  if (measure !== undefined)
    return { topic: `measures/${deviceId}`, message: JSON.stringify(measure), qos: 1 };
  return { topic: 'lab/test', message: 'x', qos: 1 };
}

function clientIdOf({ clientId, deviceId, profile, input }: Setup): string | undefined {
  return clientId ?? deviceId ?? (profile === 'generic' || input === undefined ? undefined : 'lab-device-1');
}

/** The bundle is given as it stands where the failure is in it, else as the certificates and the key. */
function filesOf(row: FailureRow, { ca, input, key }: Setup, stand: Stand): Files {
  const missing = input instanceof SapcertError;
  const whole = input instanceof SapcertError ? '' : input instanceof Uint8Array ? Buffer.from(input) : input;
  const certificates =
    typeof whole === 'string'
      ? (whole.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [])
      : [];
  const apart = row.fileOnly !== true && certificates.length > 0;
  const path = (name: string): string =>
    missing ? '/nonexistent/device.pem' : stand.file(name, whole ?? '');
  return {
    ca: ca === undefined || ca instanceof SapcertError ? undefined : stand.file('tools-ca.pem', ca),
    cert:
      whole === undefined
        ? undefined
        : apart
          ? stand.file('tools-cert.pem', `${certificates.join('\n')}\n`)
          : path('tools-all.pem'),
    key:
      whole === undefined
        ? undefined
        : key === undefined || key instanceof SapcertError
          ? path('tools-all.pem')
          : stand.file('tools-key.pem', key),
  };
}

/** Gives the program a hosts file of its own where the row has names that no name server knows. */
async function named(setup: Setup, stand: Stand, command: Command): Promise<Command> {
  const { lookup } = setup;
  const host = hostOf(setup);
  if (lookup === undefined || isIP(host) !== 0 || host.endsWith('.invalid')) return command;
  const addresses = await lookup(host);
  const hosts = stand.file('hosts', addresses.map(({ address }) => `${address} ${host}\n`).join(''));
  if (spawnSync('unshare', ['-m', 'true']).status !== 0)
    throw new Error('needs a hosts file of its own (unshare -m)');
  return ['unshare', '-m', 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', hosts, ...command];
}

async function finished([program, ...args]: Command, closeInput: boolean): Promise<Said> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: peerEnv({ NODE_NO_WARNINGS: '1' }),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => output.push(chunk));
    child.stdin.on('error', () => undefined);
    // s_client ends with its input: late alerts get a moment before that.
    const close = setTimeout(() => child.stdin.end(), closeInput ? 2000 : 0);
    const kill = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, patience);
    child.on('error', (error) => output.push(Buffer.from(error.message)));
    child.on('close', (exitCode) => {
      clearTimeout(close);
      clearTimeout(kill);
      resolve({ output: Buffer.concat(output).toString(), exitCode });
    });
  });
}
