import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTls, type TlsOptions } from 'node:tls';
import { type Packet, generate, parser } from 'mqtt-packet';
import { createAuthority, sapDevice, type Authority, type Credentials } from '../../src/pki/index.js';

/** The certificates that these tests share: small keys, made once. */
export interface World {
  readonly root: Authority;
  readonly deviceIssuer: Authority;
  readonly server: Credentials;
  readonly device: Credentials;
  /** Key and certificate of the device, with the certificates given after it. */
  readonly bundle: (...chain: readonly Credentials[]) => string;
}

export async function makeWorld(): Promise<World> {
  const root = await createAuthority({ subject: 'O=Test, CN=Test Root', keyKind: 'ec-p256' });
  const deviceIssuer = await createAuthority({
    subject: 'O=Test, CN=Test Device CA',
    parent: root,
    keyKind: 'ec-p256',
  });
  const server = await root.issue({
    subject: 'CN=localhost',
    keyKind: 'ec-p256',
    usage: 'server',
    altNames: ['localhost', '127.0.0.1'],
  });
  const device = await sapDevice(deviceIssuer, { deviceId: 'device-1', keyKind: 'ec-p256' });
  const bundle = (...chain: readonly Credentials[]) =>
    [keyPem(device), device.pem, ...chain.map(({ pem }) => pem)].join('');
  return { root, deviceIssuer, server, device, bundle };
}

export function keyPem({ key }: Credentials): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const open = new Set<{ readonly close: () => void }>();

/** For `afterEach`: ends every server of a test and its connections. */
export function closeAll(): void {
  for (const { close } of open) close();
  open.clear();
}

export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  open.add({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A TCP server that keeps what each connection says. */
export async function rawServer(
  onData: (socket: Socket, bytes: Buffer) => void,
): Promise<{ readonly port: number; readonly received: Buffer[] }> {
  const received: Buffer[] = [];
  const server = createTcp((socket) => {
    socket.on('data', (bytes: Buffer) => {
      received.push(bytes);
      onData(socket, bytes);
    });
  });
  return { port: await listen(server), received };
}

export interface Gateway {
  readonly port: number;
  /** Every MQTT packet of every connection. */
  readonly packets: Packet[];
  /** Bytes inside TLS, of all connections together. */
  readonly bytes: () => number;
}

/** What a client showed: how many certificates, and whether they verified. */
export interface Shown {
  readonly certificate: boolean;
  readonly verified: boolean;
}

/** A broker as small as can be, that asks for a certificate and answers CONNECT as it is told. */
export async function gateway(
  world: World,
  answer: (packet: Packet & { cmd: 'connect' }, shown: Shown) => number | 'close',
  tls: TlsOptions = {},
): Promise<Gateway> {
  const packets: Packet[] = [];
  let bytes = 0;
  const server = createTls(
    {
      key: keyPem(world.server),
      cert: world.server.pem,
      ca: world.root.pem,
      requestCert: true,
      rejectUnauthorized: false,
      ...tls,
    },
    (socket) => {
      const shown = {
        certificate: socket.getPeerX509Certificate() !== undefined,
        verified: socket.authorized,
      };
      const reader = parser({ protocolVersion: 4 });
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        reader.parse(chunk);
      });
      // What is not MQTT, an experiment may send.
      reader.on('error', () => socket.end());
      reader.on('packet', (packet) => {
        packets.push(packet);
        reply(
          packet,
          (bytes) => socket.write(bytes),
          answer,
          shown,
          () => socket.end(),
        );
      });
    },
  );
  return { port: await listen(server), packets, bytes: () => bytes };
}

function reply(
  packet: Packet,
  write: (bytes: Uint8Array) => void,
  answer: (packet: Packet & { cmd: 'connect' }, shown: Shown) => number | 'close',
  shown: Shown,
  end: () => void,
): void {
  if (packet.cmd === 'connect') {
    const code = answer(packet, shown);
    if (code === 'close') end();
    else write(generate({ cmd: 'connack', returnCode: code, sessionPresent: false }));
  }
  if (packet.cmd === 'pingreq') write(generate({ cmd: 'pingresp' }));
  if (packet.cmd === 'subscribe')
    write(generate({ cmd: 'suback', messageId: packet.messageId ?? 0, granted: [1] }));
  if (packet.cmd === 'publish') {
    write(generate({ cmd: 'puback', messageId: packet.messageId ?? 0 }));
    const acknowledgement = JSON.stringify([{ code: 200, messages: [] }]);
    write(
      generate({
        cmd: 'publish',
        topic: 'ack/device-1',
        payload: acknowledgement,
        qos: 0,
        dup: false,
        retain: false,
      }),
    );
  }
}
