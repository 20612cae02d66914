import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mosquitto } from '../connector/support/mosquitto.js';
import { makeWorld } from '../connector/support/world.js';
import { hasPeer } from '../support/programs.js';
import { repository } from '../support/run.js';
import { inTurn, timed } from './measure.js';
import type { Section } from './report.js';

/** What a healthy broker costs to look at: `check` beside the clients that connect, publish once, and leave. */
export async function measureCheck(work: string, rounds: number): Promise<Section> {
  const title = 'Check of a healthy broker';
  if (!hasPeer('mosquitto') || !hasPeer('mosquitto_pub')) {
    return { title, note: 'left out: needs mosquitto and mosquitto-clients', rows: [] };
  }
  const folder = join(work, 'check');
  mkdirSync(folder, { recursive: true });
  const world = await makeWorld(folder);
  writeFileSync(world.path('device.pem'), world.bundle);
  const broker = await mosquitto(world);
  const node = async (program: string, args: string): Promise<number> => {
    const env = { SAPCERT_SECRET: world.secret };
    return (await timed(process.execPath, [join(repository, program), ...args.split(' ')], { env })).seconds;
  };
  const ca = world.path('ca.crt');
  const [cert, key] = [world.path('device.crt'), world.path('device.key')];
  const target = `-h localhost -p ${broker.port}`;
  const message = '-q 1 -t measures/pump-1 -m {}';
  try {
    const seconds = await inTurn(rounds, {
      sapcert: () =>
        node(
          'bin/sapcert.cjs',
          `check ${world.path('device.pem')} --host localhost:${broker.port} --ca ${ca} --profile generic`,
        ),
      mosquitto: async () =>
        (
          await timed(
            'mosquitto_pub',
            `${target} --cafile ${ca} --cert ${cert} --key ${key} ${message}`.split(' '),
          )
        ).seconds,
      mqtt: () =>
        node(
          'node_modules/mqtt/build/bin/mqtt.js',
          `publish ${target} -l mqtts --ca ${ca} --cert ${cert} --key ${key} ${message}`,
        ),
    });
    const milliseconds = (name: keyof typeof seconds): number => seconds[name] * 1000;
    return {
      title,
      note: `mutual TLS, mosquitto on this machine, whole processes; medians of ${rounds} rounds in turn`,
      rows: [
        { what: 'sapcert check', value: milliseconds('sapcert'), unit: 'ms' },
        { what: 'mosquitto_pub', value: milliseconds('mosquitto'), unit: 'ms' },
        { what: 'mqtt (the MQTT.js CLI)', value: milliseconds('mqtt'), unit: 'ms' },
        { what: 'sapcert check / mqtt', value: seconds.sapcert / seconds.mqtt, unit: 'times' },
      ],
    };
  } finally {
    await broker.kill();
  }
}
