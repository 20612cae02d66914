import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Proxy {
  readonly port: number;
  /** Connections so far. */
  readonly connections: () => number;
  /** Resets every connection, as a network does that fails. */
  readonly cut: () => void;
  /** Holds back what comes from one side, without closing anything. */
  readonly hold: (side: 'client' | 'server' | undefined) => void;
  readonly close: () => void;
}

/** A TCP proxy that can fail. `delay` is added to each direction (ms), with no limit to what is on the way. */
export async function proxyTo(target: number, delay = 0): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let connections = 0;
  let held: 'client' | 'server' | undefined;
  const server = createServer({ noDelay: true }, (inbound) => {
    connections += 1;
    const outbound = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const pair = [inbound, outbound] as const;
    pairs.add(pair);
    for (const [from, to, side] of [
      [inbound, outbound, 'client'],
      [outbound, inbound, 'server'],
    ] as const) {
      const forward = (chunk: Buffer): void => {
        if (held !== side && !to.destroyed) to.write(chunk);
      };
      from.on('data', (chunk: Buffer) =>
        delay === 0 ? forward(chunk) : void setTimeout(forward, delay, chunk),
      );
      from.on('error', () => to.destroy());
      from.on('close', () => {
        pairs.delete(pair);
        setTimeout(() => to.destroy(), delay);
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const [inbound, outbound] of pairs) {
      inbound.resetAndDestroy();
      outbound.resetAndDestroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    cut,
    hold: (side) => (held = side),
    close: () => {
      cut();
      server.close();
    },
  };
}
