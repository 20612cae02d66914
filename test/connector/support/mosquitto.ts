import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { peerEnv } from '../../support/programs.js';
import { freePort, ServerProcess, until } from './processes.js';
import type { World } from './world.js';

/** A mosquitto with mutual TLS; what a message's topic and payload were one learns from a real subscriber. */
export async function mosquitto(world: World, lines: readonly string[] = []): Promise<ServerProcess> {
  const port = await freePort();
  const config = world.path(`mosquitto-${port}.conf`);
  const tls = [
    `cafile ${world.path('device-ca.crt')}`,
    `certfile ${world.path('server.crt')}`,
    `keyfile ${world.path('server.key')}`,
    'require_certificate true',
    'use_identity_as_username true',
  ];
  // Started as root it would give its rights away and could not read the keys any more.
  const global = [`user ${userInfo().username}`, 'max_queued_messages 0', 'sys_interval 0'];
  const content = [...global, `listener ${port} 127.0.0.1`, ...tls, ...lines, ''];
  writeFileSync(config, content.join('\n'));
  return new ServerProcess(port, ['mosquitto', '-c', config], { cwd: world.dir }).start();
}

export interface Subscriber {
  /** Payloads in the order of their arrival. */
  readonly received: string[];
  readonly stop: () => Promise<void>;
}

/** mosquitto_sub, with the device's own certificate. */
export async function subscriber(world: World, port: number, topic: string): Promise<Subscriber> {
  const received: string[] = [];
  const where = ['-h', 'localhost', '-p', String(port), '--cafile', world.path('ca.crt')];
  const identity = ['--cert', world.path('device.crt'), '--key', world.path('device.key')];
  const args = ['-d', ...where, ...identity, '-i', 'observer', '-q', '1', '-t', topic];
  const child = spawn('stdbuf', ['-oL', 'mosquitto_sub', ...args], { env: peerEnv(), stdio: 'pipe' });
  let ready = false;
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('Subscribed')) ready = true;
      else if (!/^(?:Client|Subscribed)/.test(line)) received.push(line);
    }
  });
  await until(() => ready || child.exitCode !== null);
  return {
    received,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      if (child.exitCode === null) await exited;
    },
  };
}
