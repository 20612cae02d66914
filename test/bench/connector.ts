import { once } from 'node:events';
import {
  closeSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { finished } from 'node:stream/promises';
import { join } from 'node:path';
import { mosquitto } from '../connector/support/mosquitto.js';
import { proxyTo } from '../connector/support/proxy.js';
import { makeWorld, type World } from '../connector/support/world.js';
import { hasPeer } from '../support/programs.js';
import { repository } from '../support/run.js';
import { inTurn, timed } from './measure.js';
import type { Section } from './report.js';

export interface SendSizes {
  /** Lines that `sapcert send` sends, next door and far away. */
  readonly near: number;
  readonly far: number;
  /** Lines for the memory that it takes. */
  readonly many: number;
  readonly rounds: number;
}

/** mosquitto_pub ends before the last message is confirmed as soon as it has more lines than packet identifiers. */
const peerLines = 60_000;
const peerLinesFar = 1000;
/** Added to each direction, in milliseconds. */
const halfRoundTrip = 25;

/** Messages over mutual TLS and QoS 1 to mosquitto: acknowledged ones a second, each program from start to end. */
export async function measureSend(work: string, sizes: SendSizes): Promise<Section> {
  if (!hasPeer('mosquitto') || !hasPeer('mosquitto_pub')) {
    return { title: 'Send', note: 'left out: needs mosquitto and mosquitto-clients', rows: [] };
  }
  const folder = join(work, 'send');
  mkdirSync(folder, { recursive: true });
  const world = await makeWorld(folder);
  writeFileSync(world.path('device.pem'), world.bundle);
  const broker = await mosquitto(world);
  const distant = await proxyTo(broker.port, halfRoundTrip);
  try {
    const ours = (port: number, count: number) => async (): Promise<number> =>
      count / (await fromFile(process.execPath, sendArgs(world, port), await linesFile(world, count), world));
    const theirs = (port: number, count: number) => async (): Promise<number> =>
      count /
      (await fromFile('mosquitto_pub', publishArgs(world, port), await linesFile(world, count), world));
    const near = await inTurn(sizes.rounds, {
      sapcert: ours(broker.port, sizes.near),
      mosquitto: theirs(broker.port, peerLines),
    });
    const far = await inTurn(Math.min(sizes.rounds, 3), {
      sapcert: ours(distant.port, sizes.far),
      mosquitto: theirs(distant.port, peerLinesFar),
    });
    const memory = await peakMemory(world, broker.port, sizes.many);
    return {
      title: 'Send',
      note:
        `messages of 88 bytes acknowledged a second, QoS 1, mutual TLS, mosquitto; ${sizes.rounds} rounds in turn of ` +
        `${sizes.near} lines (mosquitto_pub ${peerLines}), with 50 ms round trip ${sizes.far} (${peerLinesFar})`,
      rows: [
        { what: 'sapcert send', value: near.sapcert, unit: '/s' },
        { what: 'mosquitto_pub -l', value: near.mosquitto, unit: '/s' },
        {
          what: 'sapcert / mosquitto_pub',
          value: near.sapcert / near.mosquitto,
          unit: 'times',
          target: { atLeast: 1 },
        },
        { what: 'sapcert send, 50 ms', value: far.sapcert, unit: '/s' },
        { what: 'mosquitto_pub -l, 50 ms', value: far.mosquitto, unit: '/s' },
        {
          what: 'sapcert / mosquitto_pub, 50 ms',
          value: far.sapcert / far.mosquitto,
          unit: 'times',
          target: { atLeast: 10 },
        },
        { what: `memory at ${sizes.many} lines`, value: memory, unit: 'MB', target: { atMost: 150 } },
      ],
    };
  } finally {
    distant.close();
    await broker.kill();
  }
}

const words = (text: string): readonly string[] => text.split(' ');

const sendArgs = (world: World, port: number): readonly string[] => [
  join(repository, 'bin/sapcert.cjs'),
  ...words(`send ${world.path('device.pem')} --host localhost --port ${port} --ca ${world.path('ca.crt')}`),
  ...words('--profile generic --topic measures/pump-1 --quiet'),
];

const publishArgs = (world: World, port: number): readonly string[] => [
  ...words(`-h localhost -p ${port} --cafile ${world.path('ca.crt')}`),
  ...words(`--cert ${world.path('device.crt')} --key ${world.path('device.key')}`),
  ...words('-q 1 -t measures/pump-1 -l'),
];

const secretOf = (world: World): Record<string, string> => ({ SAPCERT_SECRET: world.secret });

function line(number: number): string {
  const measures = [[number, (number * 7) % 100]];
  return JSON.stringify({ sensorAlternateId: 's1', capabilityAlternateId: 'c1', measures }).padEnd(88);
}

/** Seconds that a program takes with a file as its standard input. */
async function fromFile(
  command: string,
  args: readonly string[],
  file: string,
  world: World,
): Promise<number> {
  const input = openSync(file, 'r');
  try {
    return (await timed(command, args, { stdio: [input, 'pipe', 'pipe'], env: secretOf(world) })).seconds;
  } finally {
    closeSync(input);
  }
}

/** A file of so many lines, made once. */
async function linesFile(world: World, count: number): Promise<string> {
  const file = world.path(`${count}.ndjson`);
  if (existsSync(file)) return file;
  const stream = createWriteStream(file);
  for (let number = 0; number < count; number += 1000) {
    const part = Array.from(
      { length: Math.min(1000, count - number) },
      (_, index) => `${line(number + index)}\n`,
    );
    if (!stream.write(part.join(''))) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
  return file;
}

/** The most that the process ever held, in MB. */
async function peakMemory(world: World, port: number, count: number): Promise<number> {
  const file = await linesFile(world, count);
  const report = world.path('peak');
  const atExit = `process.on('exit',()=>require('node:fs').writeFileSync(${JSON.stringify(report)},String(process.resourceUsage().maxRSS)))`;
  writeFileSync(world.path('peak.cjs'), atExit);
  const args = ['--require', world.path('peak.cjs'), ...sendArgs(world, port), '--file', file];
  await timed(process.execPath, args, { env: secretOf(world) });
  return Number(readFileSync(report, 'utf8')) / 1024;
}
