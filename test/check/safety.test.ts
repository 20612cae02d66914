import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { checkConnection, type CheckOptions, type ProgressEvent } from '../../src/check/index.js';
import { createAuthority } from '../../src/pki/index.js';
import { type World, closeAll, gateway, makeWorld, rawServer } from './servers.js';

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});
afterEach(closeAll);

const login = { username: 'alice', password: 'open-sesame' } as const;

function device(port: number, more: CheckOptions = {}): CheckOptions {
  return {
    host: '127.0.0.1',
    port,
    input: world.bundle(world.deviceIssuer),
    ca: world.root.pem,
    timeout: 2000,
    ...more,
  };
}

describe('a server that does not pass', () => {
  test('gets no byte inside TLS, whatever is tried', async () => {
    const other = await createAuthority({ subject: 'O=Else, CN=Other Root', keyKind: 'ec-p256' });
    const { port, bytes, packets } = await gateway(world, () => 0);
    const report = await checkConnection(device(port, { ca: other.pem, ...login }));
    expect(report.diagnoses[0]?.code).toBe('ca-file.not-the-issuer');
    expect(bytes()).toBe(0);
    expect(packets).toEqual([]);
  });

  test('gets none either when its certificate is for another name', async () => {
    const { port, bytes } = await gateway(world, () => 0);
    const report = await checkConnection(device(port, { servername: 'gateway.example', ...login }));
    expect(report.diagnoses.map(({ code }) => code)).toContain('tls.wrong-virtual-host');
    expect(bytes()).toBe(0);
  });
});

describe('a port without TLS', () => {
  test('sees neither user name, password, client id nor certificate in the clear', async () => {
    const { port, received } = await rawServer((socket) => socket.end());
    await checkConnection(device(port, login));
    const all = Buffer.concat(received).toString('latin1');
    expect(all).toContain('MQTT');
    for (const secret of [login.username, login.password, 'device-1', 'Test Device CA'])
      expect(all).not.toContain(secret);
  });
});

describe('experiments', () => {
  test('connect and take leave, and neither publish nor subscribe', async () => {
    const { port, packets } = await gateway(world, () => 3);
    const report = await checkConnection(
      device(port, { subscribe: ['commands/device-1'], measure: { measures: [[1]] }, ...login }),
    );
    expect(report.experiments.length).toBeGreaterThan(1);
    expect(new Set(packets.map(({ cmd }) => cmd))).toEqual(new Set(['connect']));
  });

  test('are few', async () => {
    const { port, packets } = await gateway(world, () => 'close');
    const report = await checkConnection(device(port));
    expect(report.experiments.length).toBeLessThanOrEqual(11);
    expect(packets.length).toBeLessThanOrEqual(11);
  });

  test('do not take place when they are not wanted', async () => {
    const { port, packets } = await gateway(world, () => 3);
    const report = await checkConnection(device(port, { experiments: false }));
    expect(report.experiments).toEqual([]);
    expect(packets).toHaveLength(1);
  });
});

describe('a check that finds nothing wrong', () => {
  test('publishes nothing, and says goodbye', async () => {
    const { port, packets } = await gateway(world, () => 0);
    const report = await checkConnection(device(port));
    expect(report.diagnoses).toEqual([]);
    while (packets.at(-1)?.cmd !== 'disconnect') await sleep(5);
    expect(packets.map(({ cmd }) => cmd)).toEqual(['connect', 'pingreq', 'disconnect']);
  });

  test('publishes one measure when it is told to, and waits for its acknowledgement', async () => {
    const { port, packets } = await gateway(world, () => 0);
    const report = await checkConnection(device(port, { measure: { measures: [[1]] } }));
    expect(report.diagnoses).toEqual([]);
    expect(report.stages.at(-1)).toMatchObject({ outcome: 'ok', facts: { acks: [{ code: 200 }] } });
    const published = packets.filter((packet) => packet.cmd === 'publish');
    expect(published.map(({ topic }) => topic)).toEqual(['measures/device-1']);
  });

  test('says before CONNECT that a running device will be disconnected', async () => {
    const events: string[] = [];
    const { port } = await gateway(world, () => {
      events.push('CONNECT');
      return 0;
    });
    const onProgress = (event: ProgressEvent): void => {
      if (event.kind === 'notice') events.push(event.message);
    };
    await checkConnection(device(port, { onProgress }));
    expect(events).toEqual([expect.stringContaining('device-1'), 'CONNECT']);
    events.length = 0;
    await checkConnection(device(port, { onProgress, profile: 'generic', input: undefined }));
    expect(events).toEqual(['CONNECT']);
  });
});

test('no secret stands in a report', async () => {
  const { port } = await gateway(world, () => 4);
  const report = await checkConnection(device(port, { ...login, password: Buffer.from('open-sesame') }));
  const json = JSON.stringify(report);
  expect(json).not.toContain('open-sesame');
  expect(json).not.toContain('alice');
  expect(json).not.toContain('PRIVATE KEY');
});
