import { start, type At, type Stand } from '../stand.js';
import type { ServerIdentity } from '../world.js';
import { accepting, freePort } from './ports.js';

/** What stands before many brokers: real programs that end TLS, or pass connections on. */

interface Files {
  readonly port: number;
  /** Certificate and key in files of their own, and both in one. */
  readonly cert: string;
  readonly key: string;
  readonly both: string;
  /** The authority of the devices. */
  readonly ca: string;
  readonly file: (name: string, text: string) => string;
}

async function files(stand: Stand, { cert, key }: ServerIdentity): Promise<Files> {
  const port = await freePort();
  const file = (name: string, text: string): string => stand.file(`${port}-${name}`, text);
  return {
    port,
    cert: file('crt', cert),
    key: file('key', key),
    both: file('both', cert + key),
    ca: file('ca', stand.world.deviceRoot.pem),
    file,
  };
}

async function run(stand: Stand, { port }: Files, program: string, args: readonly string[]): Promise<At> {
  await accepting(port, start(stand, program, args));
  return { host: 'localhost', port };
}

type Configure = (files: Files) => readonly string[];

/** The lines are those of the frontend and what follows it. */
export async function haproxy(
  stand: Stand,
  configure: Configure,
  identity: ServerIdentity = stand.world.server,
): Promise<At> {
  const made = await files(stand, identity);
  const lines = [
    'defaults',
    '  timeout connect 800ms',
    '  timeout client 30s',
    '  timeout server 30s',
    'frontend lab',
    ...configure(made),
  ];
  return run(stand, made, 'haproxy', ['-db', '-f', made.file('haproxy.cfg', `${lines.join('\n')}\n`)]);
}

/** What `bind` has behind its address: how TLS is ended, or nothing where it is passed on. */
type Bind = (files: Files) => string;

/** haproxy before the broker at a port of this machine, as a balancer: it looks into nothing but TLS. */
export async function balancer(
  stand: Stand,
  to: number,
  bind: Bind = () => '',
  { frontend = [], backend = [], server = '' }: BalancerOptions = {},
): Promise<At> {
  return haproxy(stand, (made) => [
    `  bind 127.0.0.1:${made.port} ${bind(made)}`.trimEnd(),
    '  mode tcp',
    ...frontend.map((line) => `  ${line}`),
    '  default_backend b',
    'backend b',
    '  mode tcp',
    ...backend.map((line) => `  ${line}`),
    `  server s 127.0.0.1:${to} ${server}`.trimEnd(),
  ]);
}

interface BalancerOptions {
  readonly frontend?: readonly string[];
  readonly backend?: readonly string[];
  /** What `server` has behind its address. */
  readonly server?: string;
}

/** The lines stand at the top level: a block `stream` or `http`. */
export async function nginx(
  stand: Stand,
  configure: Configure,
  identity: ServerIdentity = stand.world.server,
): Promise<At> {
  const made = await files(stand, identity);
  const lines = [
    'load_module /usr/lib/nginx/modules/ngx_stream_module.so;',
    'daemon off;',
    'master_process off;',
    `pid ${made.file('pid', '')};`,
    'error_log stderr;',
    'events {}',
    ...configure(made),
  ];
  return run(stand, made, 'nginx', ['-e', 'stderr', '-c', made.file('nginx.conf', `${lines.join('\n')}\n`)]);
}

/** The lines are those of the one service. */
export async function stunnel(
  stand: Stand,
  configure: Configure,
  identity: ServerIdentity = stand.world.server,
): Promise<At> {
  const made = await files(stand, identity);
  const lines = ['foreground = yes', 'pid =', 'syslog = no', '[lab]', ...configure(made)];
  return run(stand, made, 'stunnel4', [made.file('stunnel.conf', `${lines.join('\n')}\n`)]);
}

/** socat from one address to another. */
export async function socat(
  stand: Stand,
  addresses: (files: Files) => readonly [listening: string, to: string],
  identity: ServerIdentity = stand.world.server,
): Promise<At> {
  const made = await files(stand, identity);
  return run(stand, made, 'socat', [...addresses(made)]);
}
