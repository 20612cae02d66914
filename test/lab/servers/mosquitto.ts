import { execFileSync } from 'node:child_process';
import { peerEnv } from '../../support/programs.js';
import { start, type At, type Stand } from '../stand.js';
import type { ServerIdentity } from '../world.js';
import { accepting, freePort } from './ports.js';

export interface MosquittoSetup {
  /** `none`: no TLS at all. By default the world's server certificate. */
  readonly identity?: ServerIdentity | 'none';
  /** PEM of the authorities whose client certificates are accepted; absent: none is asked for. */
  readonly clientCa?: string;
  readonly crl?: string;
  /** Further lines of the configuration, of the listener first. */
  readonly lines?: readonly string[];
  /** The only version it speaks; its own `tls_version` is but the lowest, so OpenSSL is told. */
  readonly tlsVersion?: '1.2' | '1.3';
  /** Users and passwords; absent: everybody may connect; none: nobody without an identity. */
  readonly users?: Readonly<Record<string, string>>;
  readonly acl?: string;
  /** Runs it under faketime with this offset, such as `+400d`. */
  readonly clock?: string;
}

/** A real mosquitto on a free port. */
export async function mosquitto(stand: Stand, setup: MosquittoSetup = {}): Promise<At> {
  const { identity = stand.world.server, clientCa, crl, lines = [], tlsVersion, users, acl, clock } = setup;
  const port = await freePort();
  const file = (name: string, text: string): string => stand.file(`${port}-${name}`, text);
  const configuration = [
    'user root',
    'persistence false',
    'log_dest stderr',
    'per_listener_settings false',
    ...(users === undefined
      ? ['allow_anonymous true']
      : ['allow_anonymous false', ...passwords(file, users)]),
    ...(acl === undefined ? [] : [`acl_file ${file('acl', acl)}`]),
    `listener ${port} 127.0.0.1`,
    ...(identity === 'none'
      ? []
      : [`certfile ${file('crt', identity.cert)}`, `keyfile ${file('key', identity.key)}`]),
    ...(clientCa === undefined ? [] : [`cafile ${file('ca', clientCa)}`, 'require_certificate true']),
    ...(crl === undefined ? [] : [`crlfile ${file('crl', crl)}`]),
    ...lines,
  ];
  const command = ['mosquitto', '-c', file('conf', `${configuration.join('\n')}\n`)];
  const [program = '', ...args] = clock === undefined ? command : ['faketime', '-f', clock, ...command];
  const env = tlsVersion === undefined ? {} : { OPENSSL_CONF: file('cnf', onlyVersion(tlsVersion)) };
  await accepting(port, start(stand, program, args, env));
  return { host: 'localhost', port };
}

/** Configuration of OpenSSL itself; security level 2 is Debian's own. */
function onlyVersion(version: '1.2' | '1.3'): string {
  const limits = `MinProtocol = TLSv${version}\nMaxProtocol = TLSv${version}\nCipherString = DEFAULT@SECLEVEL=2\n`;
  return `openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\n${limits}`;
}

function passwords(
  file: (name: string, text: string) => string,
  users: Readonly<Record<string, string>>,
): readonly string[] {
  if (Object.keys(users).length === 0) return [];
  const path = file(
    'passwords',
    Object.entries(users)
      .map(([name, password]) => `${name}:${password}\n`)
      .join(''),
  );
  execFileSync('mosquitto_passwd', ['-U', path], { env: peerEnv(), stdio: 'ignore' });
  return [`password_file ${path}`];
}
