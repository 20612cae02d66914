import { createPrivateKey } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { generateKey } from '../../src/pki/index.js';
import { TellTales } from './support/tell-tales.js';

const secret = 'jJ3fF7dD0rR!2rR3wW#0eE2';
const pem = (await generateKey('rsa-2048')).export({ type: 'pkcs8', format: 'pem' }).toString();
const tellTales = new TellTales({ secret }, { key: pem });
const prime = Buffer.from(createPrivateKey(pem).export({ format: 'jwk' })['p'] ?? '', 'base64url');

// A search that finds nothing proves nothing: it has to find each of these.
describe('the search for secrets', () => {
  test.each<[string, string | Uint8Array]>([
    ['as it is', `wrong secret ${secret}`],
    ['as JSON', JSON.stringify({ a: { secret } })],
    ['in a URL', `https://x/?p=${encodeURIComponent(secret)}`],
    ['as base64 behind other text', Buffer.from(`user:${secret}`).toString('base64')],
    ['as base64 behind more', Buffer.from(`user::${secret}:x`).toString('base64')],
    ['as hexadecimal', Buffer.from(secret).toString('hex')],
    ['as an inspected Buffer', inspect(Buffer.from(secret))],
    ['as inspected bytes', inspect(new Uint8Array(Buffer.from(secret)))],
    ['as JSON of a Buffer', JSON.stringify(Buffer.from(secret))],
    ['as UTF-16', Buffer.from(secret, 'utf16le')],
  ])('finds one %s', (_, text) => {
    expect(tellTales.foundIn(text)).toEqual(['secret']);
  });

  test.each<[string, string | Uint8Array]>([
    ['as PEM', pem],
    ['as one line', pem.replaceAll('\n', '\\n')],
    ['as DER', Buffer.from(createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' })).toString('hex')],
    ['as a Buffer cut by inspect', inspect(prime)],
    ['as bytes cut by inspect', inspect(new Uint8Array(prime))],
    ['as hexadecimal with colons', prime.toString('hex').replaceAll(/(..)/g, '$1:')],
    ['as a JWK', JSON.stringify(createPrivateKey(pem).export({ format: 'jwk' }))],
    ['as a number', BigInt(`0x${prime.toString('hex')}`).toString()],
  ])('finds a private key %s', (_, text) => {
    expect(tellTales.foundIn(text)).not.toEqual([]);
  });

  test('does not take the public half for the private one', () => {
    const { n } = createPrivateKey(pem).export({ format: 'jwk' });
    const modulus = Buffer.from(n ?? '', 'base64url');
    expect(tellTales.foundIn(`${n} ${modulus.toString('hex')} ${modulus.toString('base64')}`)).toEqual([]);
  });
});
