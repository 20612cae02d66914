import { createServer } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { fetchChain } from '../../src/net/index.js';
import { type Authority, createAuthority, type Credentials } from '../../src/pki/index.js';
import { temporaryFolder } from '../support/temp.js';
import { listen } from './server.js';
import { inspect, writerTo } from './support.js';

const write = writerTo(temporaryFolder());
const keyKind = 'ec-p256' as const;

let intermediate: Authority;

beforeAll(async () => {
  intermediate = await createAuthority({ subject: 'CN=Device CA', keyKind });
});

function leafWith(caIssuersUrl: string): Promise<Credentials> {
  return intermediate.issue({ subject: 'CN=device', keyKind, caIssuersUrl });
}

describe('a server that does not answer in time', () => {
  const stalling: readonly (readonly [string, (socket: Socket) => void])[] = [
    ['says nothing', () => undefined],
    ['says only its headers', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n')],
    [
      'sends a byte now and then',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n');
        const timer = setInterval(() => socket.write('x'), 20);
        socket.on('close', () => clearInterval(timer));
      },
    ],
  ];

  test.each(stalling)('one that %s', async (_, behave) => {
    const port = await listen(createTcpServer(behave));
    const { certificate } = await leafWith(`http://127.0.0.1:${port}/`);
    const { issuers, attempts } = await fetchChain(certificate, [], {
      signal: new AbortController().signal,
      limits: { milliseconds: 200 },
    });
    expect(issuers).toEqual([]);
    expect(attempts).toMatchObject([{ outcome: 'refused', reason: 'no whole answer within 0.2 seconds' }]);
  });

  test('an interrupt ends the waiting', async () => {
    const controller = new AbortController();
    const port = await listen(createTcpServer(() => controller.abort()));
    const path = write('interrupted.crt', (await leafWith(`http://127.0.0.1:${port}/`)).pem);
    const { code, err } = await inspect([path, '--fetch-chain'], { signal: controller.signal });
    expect(code).toBe(3);
    expect(err).toContain('interrupted');
  });
});

test('certificates that name each other as issuers come to an end', async () => {
  const answers = new Map<string, Uint8Array>();
  const server = createServer((request, response) => response.end(answers.get(request.url ?? '')));
  const base = `http://127.0.0.1:${await listen(server)}`;
  const a = await createAuthority({ subject: 'CN=a', keyKind });
  const b = await createAuthority({ subject: 'CN=b', keyKind });
  const options = { isCa: true, usage: 'unrestricted' } as const;
  const aByB = await b.issue({ subject: 'CN=a', key: a.key, caIssuersUrl: `${base}/b`, ...options });
  const bByA = await a.issue({ subject: 'CN=b', key: b.key, caIssuersUrl: `${base}/a`, ...options });
  answers.set('/a', aByB.certificate.raw);
  answers.set('/b', bByA.certificate.raw);
  const { attempts } = await fetchChain(aByB.certificate, [], { signal: new AbortController().signal });
  expect(attempts.length).toBeLessThanOrEqual(3);
});
