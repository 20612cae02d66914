import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Authority, createAuthority, type Credentials } from '../../src/pki/index.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { listen } from './server.js';
import { inspect, openssl, writerTo } from './support.js';

const folder = temporaryFolder();
const write = writerTo(folder);
const keyKind = 'ec-p256' as const;

let root: Authority;
let intermediate: Authority;
let foreign: Authority;
let base: string;

/** What the server answers, by path. */
const answers = new Map<string, RequestListener>();
const asked: string[] = [];

beforeAll(async () => {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const answer = answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  base = `http://127.0.0.1:${await listen(server)}`;
  root = await createAuthority({ subject: 'CN=Root', keyKind });
  foreign = await createAuthority({ subject: 'CN=Device CA', keyKind });
  intermediate = await createAuthority({
    subject: 'CN=Device CA',
    keyKind,
    parent: root,
    caIssuersUrl: `${base}/root.der`,
  });
  answer('/root.der', root.certificate.raw);
  answer('/ca.der', intermediate.certificate.raw);
});

function answer(
  path: string,
  body: Uint8Array | string,
  status = 200,
  headers: Record<string, string> = {},
): void {
  answers.set(path, (_, response) => response.writeHead(status, headers).end(body));
}

function leafWith(caIssuersUrl: string): Promise<Credentials> {
  return intermediate.issue({ subject: 'CN=device', keyKind, caIssuersUrl });
}

async function fileWith(name: string, caIssuersUrl: string, more = ''): Promise<string> {
  return write(name, (await leafWith(caIssuersUrl)).pem + more);
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

describe('--fetch-chain', () => {
  test('without it nothing is fetched, and the address is shown', async () => {
    const path = await fileWith('not-fetched.crt', `${base}/never`);
    const { out, code } = await inspect([path]);
    expect(oneLine(out)).toContain(`to be had at ${base}/never (fetched only with --fetch-chain)`);
    expect(asked).not.toContain('/never');
    expect(code).toBe(0);
  });

  test('completes the chain up to the root, and writes it', async () => {
    const path = await fileWith('device.crt', `${base}/ca.der`);
    const out = join(folder, 'chain.pem');
    const ran = await inspect([path, '--fetch-chain', '--chain-out', out]);
    expect(ran.code).toBe(0);
    expect(oneLine(ran.out)).toContain('complete: it ends in a root');
    expect(ran.err).toContain(`fetching ${base}/ca.der`);
    expect(readFileSync(out, 'utf8')).toBe(intermediate.pem + root.pem);

    const again = await inspect([path, '--fetch-chain', '--chain-out', out, '--json']);
    expect(again.json()).toMatchObject({
      outputs: [{ path: out, status: 'unchanged' }],
      chains: [{ certificates: [1, 2, 3] }],
      certificates: [
        {},
        { from: `${base}/ca.der`, role: 'intermediate' },
        { from: `${base}/root.der`, role: 'root' },
      ],
      fetched: [
        { url: `${base}/ca.der`, outcome: 'used', subject: 'CN=Device CA' },
        { url: `${base}/root.der`, outcome: 'used', subject: 'CN=Root' },
      ],
    });

    writeFileSync(out, 'something else');
    const refused = await inspect([path, '--fetch-chain', '--chain-out', out]);
    expect(refused.code).toBe(2);
    expect(readFileSync(out, 'utf8')).toBe('something else');
    expect((await inspect([path, '--fetch-chain', '--chain-out', out, '--overwrite'])).code).toBe(0);
  });

  test('what is at hand is not fetched', async () => {
    const path = await fileWith('gap.crt', `${base}/ca.der`, root.pem);
    asked.length = 0;
    const { out } = await inspect([path, '--fetch-chain']);
    expect(asked).toEqual(['/ca.der']);
    expect(oneLine(out)).toContain('complete: it ends in a root');
  });

  test('a certificate without an address is no failure', async () => {
    const leaf = await intermediate.issue({ subject: 'CN=x', keyKind });
    const { code, out } = await inspect([write('no-address.crt', leaf.pem), '--fetch-chain']);
    expect(code).toBe(0);
    expect(oneLine(out)).toContain('names no address for it');
  });

  test('with nothing to write there is no file', async () => {
    const leaf = await intermediate.issue({ subject: 'CN=x', keyKind });
    const { code, err } = await inspect([
      write('lone.crt', leaf.pem),
      '--chain-out',
      join(folder, 'none.pem'),
    ]);
    expect(code).toBe(2);
    expect(err).toContain('no issuing certificate to write');
  });
});

describe('what an address may answer', () => {
  const expectUsed = async (name: string): Promise<void> => {
    const { json, code } = await inspect([
      await fileWith(`${name}.crt`, `${base}/${name}`, root.pem),
      '--fetch-chain',
      '--json',
    ]);
    expect(json()['fetched']).toMatchObject([{ outcome: 'used', subject: 'CN=Device CA' }]);
    expect(code).toBe(0);
  };

  test('PEM', async () => {
    answer('/pem', intermediate.pem);
    await expectUsed('pem');
  });

  test('behind redirects, relative ones too', async () => {
    answer('/redirected', '', 302, { location: '/hop' });
    answer('/hop', '', 301, { location: `${base}/ca.der` });
    await expectUsed('redirected');
  });

  describeWithPeer('openssl', 'a collection', () => {
    test.each(['DER', 'PEM'])('in %s', async (form) => {
      const all = write('all.pem', foreign.pem + intermediate.pem + root.pem);
      const out = join(folder, `all.${form}`);
      openssl(['crl2pkcs7', '-nocrl', '-certfile', all, '-outform', form, '-out', out]);
      answer(`/p7c-${form}`, readFileSync(out));
      await expectUsed(`p7c-${form}`);
    });
  });

  const refusals: readonly (readonly [name: string, reason: string | RegExp, set: () => void])[] = [
    ['missing', 'the server answered 404', () => undefined],
    ['page', 'the answer is a web page', () => answer('/page', '<!DOCTYPE html><html>log in</html>')],
    ['empty', 'the answer is empty', () => answer('/empty', '')],
    [
      'noise',
      'neither a certificate nor a collection',
      () => answer('/noise', Buffer.from([0x30, 0x82, 0x10, 0x00, 1, 2, 3])),
    ],
    ['text', 'neither a certificate nor a collection', () => answer('/text', 'hello')],
    ['foreign', 'the certificate there did not sign it', () => answer('/foreign', foreign.certificate.raw)],
    ['roots', 'none of the 2 certificates there signed it', () => answer('/roots', root.pem + foreign.pem)],
    ['loop', 'more than 5 redirects', () => answer('/loop', '', 302, { location: '/loop' })],
    [
      'to-file',
      'only http and https are fetched, not file:',
      () => answer('/to-file', '', 302, { location: 'file:///etc/passwd' }),
    ],
    [
      'to-user',
      'holds a user name',
      () => answer('/to-user', '', 302, { location: 'http://u:p@127.0.0.1/' }),
    ],
    [
      'to-nowhere',
      'redirected to what is no address',
      () => answer('/to-nowhere', '', 302, { location: 'http://[' }),
    ],
    ['large', 'larger than 256 KiB', () => answer('/large', Buffer.alloc(300 * 1024, 0x30))],
    [
      'endless',
      'larger than 256 KiB',
      () =>
        answers.set('/endless', (_, response) => {
          const more = (): void =>
            void (response.write(Buffer.alloc(65_536)) ? setImmediate(more) : response.once('drain', more));
          response.on('close', () => response.destroy());
          more();
        }),
    ],
    [
      'cut',
      /the server closed the connection|the connection failed/,
      () =>
        answers.set('/cut', (_, response) => {
          response.writeHead(200, { 'content-length': '1000' }).write('abc');
          setTimeout(() => response.destroy(), 20);
        }),
    ],
  ];

  test.each(refusals)('%s is refused politely', async (name, reason, set) => {
    set();
    const path = await fileWith(`bad-${name}.crt`, `${base}/${name}`);
    const { code, json } = await inspect([path, '--fetch-chain', '--json']);
    expect(code).toBe(1);
    const document = json();
    expect(document['fetched']).toEqual([
      { url: `${base}/${name}`, outcome: 'refused', reason: expect.stringMatching(reason) },
    ]);
    expect(document['problems']).toMatchObject([
      { code: 'chain.incomplete', message: expect.stringContaining('could not be fetched') },
    ]);
    expect(document['certificates']).toHaveLength(1);
  });

  test.each([
    ['ldap://ldap.example.com/cn=ca', 'only http and https are fetched, not ldap:'],
    ['file:///etc/passwd', 'only http and https are fetched, not file:'],
    ['http://u:p@127.0.0.1/', 'holds a user name or a password'],
    ['http://127.0.0.1:1/', 'bad port'],
    ['nonsense:', 'only http and https'],
  ])('%s', async (url, reason) => {
    const { json } = await inspect([await fileWith('odd.crt', url), '--fetch-chain', '--json']);
    expect(json()['fetched']).toMatchObject([
      { outcome: 'refused', reason: expect.stringContaining(reason) },
    ]);
  });

  test('a port where nothing listens', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const path = await fileWith('closed.crt', `http://127.0.0.1:${port}/`);
    const { json } = await inspect([path, '--fetch-chain', '--json']);
    expect(json()['fetched']).toMatchObject([{ reason: 'nothing listens there (connection refused)' }]);
  });

  test('an address that a terminal would obey is shown harmlessly', async () => {
    const { out, err } = await inspect([await fileWith('esc.crt', `${base}/\u001b[31m`), '--fetch-chain']);
    expect(out + err).not.toContain('\u001b');
  });
});
