import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import mqttPacket from 'mqtt-packet';
import { decodeWire, wireFacts } from '../../src/wire/index.js';
import { erlangProgram } from '../lab/servers/programs/erlang.js';
import { goProgram } from '../lab/servers/programs/go.js';
import { javaProgram } from '../lab/servers/programs/java.js';
import { pythonProgram } from '../lab/servers/programs/python.js';
import { describeWithPeer, peerEnv, type Peer } from '../support/peers.js';
import { attempt, eventually, settled } from './connection.js';
import { freePort, listens } from './mosquitto-broker.js';
import type { PeerProcess } from './openssl-server.js';
import { makePki, type Pki } from './pki.js';

interface Stack {
  readonly name: string;
  readonly peer: Peer;
  /** What it answers, if not a CONNECT. */
  readonly says?: Uint8Array;
  readonly command: (pki: Pki, port: number, version: string) => readonly string[];
}

/** The programs of the laboratory: port, version, certificate, key, CA. They answer anything with a CONNACK. */
function words(port: number, version: string, identity = 'server'): string[] {
  return [String(port), version, `${identity}.crt`, `${identity}.key`, 'ca.crt'];
}

function source(pki: Pki, name: string, text: string): string {
  writeFileSync(pki.path(name), text);
  return name;
}

const stacks: readonly Stack[] = [
  {
    name: 'Go',
    peer: 'go',
    command: (pki, port, version) => {
      const env = peerEnv({ CGO_ENABLED: '0', GO111MODULE: 'off' });
      execFileSync('go', ['build', '-o', 'go-server', source(pki, 'server.go', goProgram)], {
        cwd: pki.dir,
        env,
      });
      return ['./go-server', ...words(port, version)];
    },
  },
  {
    name: 'Java',
    peer: 'java',
    command: (pki, port, version) => {
      const file = source(pki, 'Server.java', javaProgram);
      return ['java', '-Xmx64m', '-XX:TieredStopAtLevel=1', file, ...words(port, version, 'rsa-server')];
    },
  },
  {
    name: 'Erlang',
    peer: 'erlang',
    command: (pki, port, version) => [
      'escript',
      source(pki, 'server.escript', erlangProgram),
      ...words(port, version),
    ],
  },
  {
    name: 'Python',
    peer: 'python3',
    command: (pki, port, version) => [
      'python3',
      source(pki, 'server.py', pythonProgram),
      ...words(port, version),
    ],
  },
  {
    name: 'GnuTLS',
    peer: 'gnutls',
    // It echoes lines.
    says: Buffer.from('hello\n'),
    command: (_, port, version) => {
      const files = ['--x509certfile', 'server.crt', '--x509keyfile', 'server.key', '--x509cafile', 'ca.crt'];
      const asks = ['--require-client-cert', '--verify-client-cert', '--echo', '--quiet'];
      const priority = `NORMAL:-VERS-ALL:+VERS-TLS${version}`;
      return ['gnutls-serv', '--port', String(port), ...files, ...asks, '--priority', priority];
    },
  },
];

const connect = mqttPacket.generate({
  cmd: 'connect',
  clientId: 'device-1',
  protocolVersion: 4,
  clean: true,
});

for (const stack of stacks) {
  const { says = connect } = stack;
  describeWithPeer(['openssl', stack.peer], `a server on ${stack.name}`, () => {
    const pki = makePki();

    test.each(['1.2', '1.3'])(
      'TLS %s: a connection that is accepted, and one that is not',
      async (version) => {
        const server = await serve(stack, pki, version);
        try {
          const ca = pki.read('ca.crt');
          const fits = attempt(server.port, {
            ca,
            cert: pki.read('client.chain.crt'),
            key: pki.read('client.key'),
          });
          await settled(fits);
          fits.secure.write(says);
          await eventually(() => fits.received.length > 0, 'an answer');
          const seen = fits.secure.getPeerX509Certificate()!.raw.toString('base64');
          const suite = fits.secure.getCipher().standardName;
          fits.secure.destroy();
          const { events } = decodeWire(fits.recording, fits.keylog);
          const facts = wireFacts(events);
          expect(facts).toMatchObject({
            serverHello: { version: `TLSv${version}`, cipherSuite: suite },
            clientProvedKey: true,
            serverFinished: true,
            clientFinished: true,
            undecodable: [],
            alerts: [],
          });
          expect(facts.serverCertificates![0]).toBe(seen);
          expect(facts.clientCertificates).toHaveLength(2);
          expect(events.filter(({ kind }) => kind === 'encryptedRecord')).toEqual([]);
          expect(facts.applicationData.client).toBe(says.length);

          const stranger = attempt(server.port, {
            ca,
            cert: pki.read('stranger.crt'),
            key: pki.read('stranger.key'),
          });
          await settled(stranger);
          await stranger.closed;
          const told = wireFacts(stranger.events());
          expect(told).toMatchObject({ undecodable: [], clientCertificates: [expect.any(String)] });
          // Whatever alert it is, Node must have heard the same one, or none. GnuTLS sends a second one, which
          // Node does not wait for.
          const node = stranger.errors.map(({ code }) => /ALERT_(\w+)/.exec(code ?? '')?.[1]?.toLowerCase());
          const ours = told.alerts.filter(({ from, level }) => from === 'server' && level === 'fatal');
          // In TLS 1.3 some close without a word.
          if (version === '1.2') expect(ours.length).toBeGreaterThan(0);
          expect(ours.map(({ name }) => name).slice(0, 1)).toEqual(node.filter((name) => name !== undefined));
        } finally {
          await server.stop();
        }
      },
      60_000,
    );
  });
}

async function serve(stack: Stack, pki: Pki, version: string): Promise<Omit<PeerProcess, 'write'>> {
  const port = await freePort('127.0.0.1');
  const [program, ...args] = stack.command(pki, port, version);
  const child = spawn(program!, args, { cwd: pki.dir, env: peerEnv(), stdio: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  for (const deadline = Date.now() + 40_000; !(await listens(port, '127.0.0.1'));) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`${stack.name} does not listen: ${output}`);
    }
  }
  return { port, output: () => output, stop };
}
