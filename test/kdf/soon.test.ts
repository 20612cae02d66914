import { expect, test } from '@jest/globals';
import { openSapForm, openSapFormSoon } from '../../src/kdf/index.js';
import { describeWithPeer } from '../support/peers.js';
import { makeKey } from './openssl-keys.js';

describeWithPeer('openssl', 'keys asked for at the same time', () => {
  const { form } = makeKey(['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:1024'], 'secret', 700);
  const expected = Buffer.from(openSapForm(form)?.pkcs8 ?? []).toString('hex');
  const opened = async (...forms: (typeof form)[]): Promise<(string | undefined)[]> => {
    const keys = await Promise.all(forms.map((one) => openSapFormSoon(one)));
    return keys.map((key) => (key === undefined ? undefined : Buffer.from(key.pkcs8).toString('hex')));
  };

  test('each gets its own answer', async () => {
    const wrong = { ...form, passphrase: 'other' };
    expect(await opened(form, wrong, form, form, wrong, form)).toEqual([
      expected,
      undefined,
      expected,
      expected,
      undefined,
      expected,
    ]);
    expect(await opened(form)).toEqual([expected]);
  });

  test('one that cannot be does not harm the others', async () => {
    const impossible = { ...form, iterations: 0 };
    expect(await opened(form, impossible, form, form)).toEqual([expected, undefined, expected, expected]);
  });
});
