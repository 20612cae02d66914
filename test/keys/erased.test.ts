import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { judgeKey } from '../../src/bundle/keys/judge.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' });

const isErased = (bytes: Uint8Array): boolean => bytes.length > 0 && bytes.every((byte) => byte === 0);

describe('what was decrypted is overwritten once it was judged', () => {
  test('a key, which stays whole in its KeyObject', () => {
    const bytes = Buffer.from(pkcs8);
    const verdict = judgeKey({ bytes, sound: true }, {});
    expect(verdict.kind === 'right' && privateKey.equals(verdict.value as KeyObject)).toBe(true);
    expect(isErased(bytes)).toBe(true);
  });

  test.each([
    ['a key that was cut', pkcs8.subarray(0, 60), true, 'unusable'],
    ['a key with a padding that is not sound', pkcs8, false, 'unusable'],
    ['noise', Buffer.alloc(64, 0xa5), true, 'wrong'],
  ])('%s', (_name, text, sound, kind) => {
    const bytes = Buffer.from(text);
    expect(judgeKey({ bytes, sound }, {}).kind).toBe(kind);
    expect(isErased(bytes)).toBe(true);
  });
});
