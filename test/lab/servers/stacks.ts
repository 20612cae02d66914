import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { peerEnv, type Peer } from '../../support/programs.js';
import { start, type At, type Stand } from '../stand.js';
import { keyPem, type ServerIdentity } from '../world.js';
import { erlangProgram } from './programs/erlang.js';
import { goProgram } from './programs/go.js';
import { javaProgram } from './programs/java.js';
import { pythonProgram } from './programs/python.js';
import { accepting, freePort } from './ports.js';

export type StackName = 'Go' | 'Java' | 'Erlang' | 'GnuTLS' | 'Python';
export type StackTls = '1.2' | '1.3';

/** What a stack's program is told: its port, the version it may speak, and its files. */
interface StackFiles {
  readonly port: number;
  readonly version: StackTls;
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

type Command = readonly [string, ...string[]];

export const stacks: Readonly<Record<StackName, { readonly peer: Peer; readonly command: Starter }>> = {
  Go: { peer: 'go', command: go },
  Java: {
    peer: 'java',
    command: async (stand, files) => [
      'java',
      '-Xmx64m',
      '-XX:TieredStopAtLevel=1',
      ...words(stand.file('Server.java', javaProgram), files),
    ],
  },
  Erlang: {
    peer: 'erlang',
    command: async (stand, files) => [
      'escript',
      ...words(stand.file('server.escript', erlangProgram), files),
    ],
  },
  GnuTLS: { peer: 'gnutls', command: async (_, files) => gnutls(files) },
  Python: {
    peer: 'python3',
    command: async (stand, files) => ['python3', ...words(stand.file('server.py', pythonProgram), files)],
  },
};

type Starter = (stand: Stand, files: StackFiles) => Promise<Command>;

/**
 * A TLS server of another stack that requires a client certificate below the device root, and then answers
 * whatever comes with the CONNACK of a success. One server serves all rows of a stack and version.
 */
export async function stack(stand: Stand, name: StackName, version: StackTls): Promise<At> {
  return stand.shared(`${name} ${version}`, async (common) => {
    const { world } = common;
    const identity: ServerIdentity = name === 'Java' ? await rsaIdentity(common) : world.server;
    const port = await freePort();
    const file = (suffix: string, text: string): string => common.file(`${name}-${version}.${suffix}`, text);
    const files: StackFiles = {
      port,
      version,
      cert: file('crt', identity.cert),
      key: file('key', identity.key),
      ca: file('ca', world.deviceRoot.pem),
    };
    const [program, ...args] = await stacks[name].command(common, files);
    await accepting(port, start(common, program, args));
    return { host: 'localhost', port };
  });
}

async function rsaIdentity({ world }: Stand): Promise<ServerIdentity> {
  const key = world.device.key;
  const { cert } = await world.makeServer({ key });
  return { cert, key: keyPem(key) };
}

function words(program: string, { port, version, cert, key, ca }: StackFiles): readonly string[] {
  return [program, String(port), version, cert, key, ca];
}

/** Compiled once per run: `go run` would build it again for each server. */
async function go(stand: Stand, files: StackFiles): Promise<Command> {
  const binary = await stand.shared('go build', async (common) => {
    const source = common.file('server.go', goProgram);
    const built = join(source, '..', 'go-server');
    const env = peerEnv({ CGO_ENABLED: '0', GOFLAGS: '-mod=mod', GO111MODULE: 'off' });
    await promisify(execFile)('go', ['build', '-o', built, source], { env });
    return built;
  });
  return [binary, ...words('', files).slice(1)];
}

function gnutls({ port, version, cert, key, ca }: StackFiles): Command {
  return [
    'gnutls-serv',
    '--port',
    String(port),
    '--echo',
    '--quiet',
    '--x509certfile',
    cert,
    '--x509keyfile',
    key,
    '--x509cafile',
    ca,
    '--require-client-cert',
    '--verify-client-cert',
    '--priority',
    `NORMAL:-VERS-ALL:+VERS-TLS${version}`,
  ];
}
