import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import {
  checkConnection,
  combineBundle,
  connectDevice,
  inspectBundle,
  openPrivateKey,
  readBundle,
  splitBundle,
  startSandbox,
  stripBundle,
} from '../../src/index.js';
import { temporaryFolder } from '../support/temp.js';
import { TellTales } from './support/tell-tales.js';

const sandbox = await startSandbox({ dir: join(temporaryFolder(), 'sandbox'), deviceIds: ['pump-1'] });
afterAll(() => sandbox.close());
const [device] = sandbox.devices;
if (device === undefined) throw new Error('the sandbox made no device');

const bundle = readFileSync(device.bundle, 'utf8');
const certificate = bundle.slice(bundle.indexOf('-----BEGIN CERTIFICATE-----'));
const passphrase = readFileSync(device.secretFile, 'utf8').trim();
const wrong = 'Wr0ng!Canary#of4Secrets';
const password = 'P4ss!Canary#of7Brokers';
const key = String(createPrivateKey({ key: bundle, passphrase }).export({ type: 'pkcs8', format: 'pem' }));
const tellTales = new TellTales({ passphrase, wrong, password }, { key });

const address = { host: `${sandbox.host}:${sandbox.port}`, ca: sandbox.caPem };
const cutKey = key.slice(0, 1200);
const damaged = key.replace(/^(.{30}).*\n(?=.*\n.*\n-----END)/m, '$1!\n');

/** Everything that a log line can make of a value: JSON, `inspect` with all that is hidden, and the stack. */
function shown(value: unknown): string {
  const deep = inspect(value, {
    depth: 30,
    showHidden: true,
    maxArrayLength: null,
    maxStringLength: null,
    getters: true,
  });
  return `${deep}\n${json(value)}\n${value instanceof Error ? chain(value) : ''}`;
}

function json(value: unknown): string {
  const seen = new Set<unknown>();
  return (
    JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'bigint') return part.toString();
      if (typeof part !== 'object' || part === null) return part;
      if (seen.has(part)) return '(again)';
      seen.add(part);
      return part;
    }) ?? ''
  );
}

function chain(error: Error): string {
  const own = `${error.stack ?? ''}\n${String(error)}\n${JSON.stringify(error, Object.getOwnPropertyNames(error))}`;
  return error.cause instanceof Error ? `${own}\n${chain(error.cause)}` : own;
}

async function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('no secret and no key in what is thrown, however it is printed', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['a wrong secret', () => stripBundle(bundle, { passphrase: wrong })],
    ['a wrong secret in bytes', () => stripBundle(bundle, { passphrase: Buffer.from(wrong) })],
    ['no secret', () => stripBundle(bundle)],
    ['a cut key', () => openPrivateKey(cutKey)],
    ['a damaged key', () => splitBundle(`${damaged}${certificate}`)],
    ['a damaged key, its DER', () => openPrivateKey(Buffer.from(cutDer()))],
    ['a download whose secret is wrong', () => stripBundle(JSON.stringify({ secret: wrong, pem: bundle }))],
    ['a download that is cut', () => stripBundle(JSON.stringify({ secret: passphrase, key }).slice(0, -9))],
    ['a text that holds the secret', () => stripBundle(`secret: ${passphrase}\n`)],
    ['a key that belongs to nothing', () => combineBundle({ key, certificate: readFileSync(sandbox.ca) })],
    [
      'a connection with a wrong secret',
      () => connectDevice({ ...address, bundle, passphrase: wrong, password }),
    ],
    [
      'a connection that is refused',
      () => connectDevice({ ...address, host: '127.0.0.1:1', bundle, passphrase, password, username: 'u' }),
    ],
    [
      'a server that is not trusted',
      () => connectDevice({ host: address.host, bundle, passphrase, password, username: 'u' }),
    ],
    [
      'a client id that is refused',
      () => connectDevice({ ...address, bundle, passphrase, password, username: 'u', clientId: 'other' }),
    ],
    [
      'a host with a password',
      () => connectDevice({ host: `mqtts://u:${password}@localhost`, bundle, passphrase }),
    ],
  ])('%s', async (_, call) => {
    const error = await thrownBy(call);
    expect(error).toMatchObject({ name: 'SapcertError' });
    expect(tellTales.foundIn(shown(error))).toEqual([]);
  });
});

function cutDer(): Uint8Array {
  return createPrivateKey(key).export({ type: 'pkcs8', format: 'der' }).subarray(0, 900);
}

describe('no secret and no key in results that are not there to hold them', () => {
  test.each<[string, () => unknown]>([
    ['readBundle', () => readBundle(bundle)],
    ['readBundle of a plain key', () => readBundle(`${key}${certificate}`)],
    ['inspectBundle', () => inspectBundle(bundle, { passphrase })],
    ['inspectBundle, a wrong secret', () => inspectBundle(bundle, { passphrase: wrong })],
    [
      'checkConnection',
      () => checkConnection({ ...address, input: bundle, passphrase, username: 'u', password }),
    ],
    [
      'checkConnection, a wrong secret',
      () => checkConnection({ ...address, input: bundle, passphrase: wrong }),
    ],
    [
      'checkConnection, nobody there',
      () => checkConnection({ host: '127.0.0.1:1', input: bundle, passphrase, username: 'u', password }),
    ],
    ['startSandbox', () => ({ ...sandbox })],
  ])('%s', async (_, call) => {
    expect(tellTales.foundIn(shown(await call()))).toEqual([]);
  });

  test('connectDevice: the connection itself, open and closed', async () => {
    const connection = await connectDevice({ ...address, bundle, passphrase, username: 'u', password });
    expect(tellTales.foundIn(shown(connection))).toEqual([]);
    await connection.close();
    expect(tellTales.foundIn(shown(connection))).toEqual([]);
  });

  test('stripBundle and splitBundle: what is about the key holds nothing of it', async () => {
    const { combined, privateKey, ...stripped } = await stripBundle(bundle, { passphrase });
    expect(tellTales.foundIn(`${combined}${privateKey}`)).not.toEqual([]);
    expect(tellTales.foundIn(shown(stripped))).toEqual([]);
  });
});
