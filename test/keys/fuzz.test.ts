import { describe, expect, test } from '@jest/globals';
import { SapcertError } from '../../src/errors.js';
import { isPrivateKeyLabel, readDerKey, readKey } from '../../src/bundle/keys/index.js';
import { describePkcs12, isPkcs12, readPkcs12 } from '../../src/bundle/pkcs12/index.js';
import { readPem } from '../../src/bundle/pem.js';
import type { KeyEncryption, LockedKey } from '../../src/bundle/types.js';
import { makeCorpus, type CorpusFile } from '../corpus/index.js';
import { isPem } from '../corpus/open-file.js';
import { readVectors } from '../corpus/vectors.js';
import { hasPeer } from '../support/peers.js';

/** Deterministic: mulberry32 by Tommy Ettinger, public domain. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const below = (next: () => number, limit: number): number => Math.floor(next() * limit);

/** Lengths and tags that lie in wait in DER. */
const nasty = [
  '80',
  'ff',
  '7f',
  '00',
  '30',
  '3080',
  '2480',
  '84ffffffff',
  '0280',
  '020100',
  'a080',
  '0000',
].map((hex) => Buffer.from(hex, 'hex'));

function mutate(bytes: Buffer, next: () => number): Buffer {
  let changed = Buffer.from(bytes);
  for (let count = 1 + below(next, 3); count > 0; count -= 1) {
    const at = below(next, changed.length);
    const piece = nasty[below(next, nasty.length)] ?? Buffer.alloc(0);
    const length = below(next, 40);
    switch (below(next, 6)) {
      case 0:
        changed[at] = (changed[at] ?? 0) ^ (1 << below(next, 8));
        break;
      case 1:
        changed[at] = below(next, 256);
        break;
      case 2:
        changed = Buffer.concat([changed.subarray(0, at), piece, changed.subarray(at)]);
        break;
      case 3:
        changed = Buffer.concat([changed.subarray(0, at), changed.subarray(at + length)]);
        break;
      case 4:
        changed = Buffer.concat([changed.subarray(0, at + length), changed.subarray(at)]);
        break;
      default:
        changed = changed.subarray(0, at);
    }
    if (changed.length === 0) return changed;
  }
  return changed;
}

/** A mutated count can be a large one that is still allowed: too slow to try by the hundred. */
function cheap(encryption: KeyEncryption | undefined): boolean {
  const { N = 1, r = 1, p = 1 } = encryption?.scrypt ?? {};
  return (encryption?.iterations ?? 1) <= 5000 && N * r * p <= 2 ** 17;
}

const corpus: readonly CorpusFile[] = (hasPeer('openssl') ? await makeCorpus() : readVectors()).filter(
  ({ madeBy, name }) => !/NSS|GnuTLS|64 MiB|7914/.test(`${madeBy} ${name}`),
);

/** DER to change, with what it was wrapped in. */
interface Seed {
  readonly der: Buffer;
  readonly passphrase: string | undefined;
  readonly read: (der: Buffer) => LockedKey | undefined;
}

const seeds = corpus.flatMap(({ bytes, passphrase }): Seed[] => {
  if (isPem(bytes)) {
    const blocks = readPem(bytes).blocks.filter(({ label }) => isPrivateKeyLabel(label));
    return blocks.map((block) => ({
      der: Buffer.from(block.der),
      passphrase,
      read: (der) => readKey({ ...block, der }),
    }));
  }
  return isPkcs12(bytes) ? [] : [{ der: Buffer.from(bytes), passphrase, read: (der) => readDerKey(der, {}) }];
});
const pkcs12Files = corpus.filter(({ bytes }) => !isPem(bytes) && isPkcs12(bytes));

/** How many were refused; anything but a SapcertError fails. */
async function refused(attempts: number, attempt: (next: () => number) => Promise<unknown>): Promise<number> {
  const next = random(20_260_117);
  let count = 0;
  for (let index = 0; index < attempts; index += 1) {
    try {
      await attempt(next);
    } catch (error) {
      if (!(error instanceof SapcertError)) throw error;
      count += 1;
    }
  }
  return count;
}

const codes = /^(?:key|file)\./;

describe('changed files end in a key or in a SapcertError', () => {
  test('containers of keys, and the keys in them', async () => {
    const count = await refused(6000, async (next) => {
      const seed = seeds[below(next, seeds.length)]!;
      const key = seed.read(mutate(seed.der, next));
      if (key !== undefined && cheap(key.encryption)) await key.open({ passphrase: seed.passphrase });
    });
    expect(count).toBeGreaterThan(3000);
  }, 120_000);

  test('the structure of PKCS#12', async () => {
    const count = await refused(6000, async (next) => {
      const { bytes } = pkcs12Files[below(next, pkcs12Files.length)]!;
      describePkcs12(mutate(Buffer.from(bytes), next), {});
    });
    expect(count).toBeGreaterThan(1000);
  }, 120_000);

  test('PKCS#12 and what is in it', async () => {
    const count = await refused(700, async (next) => {
      const { bytes, passphrase } = pkcs12Files[below(next, pkcs12Files.length)]!;
      const changed = mutate(Buffer.from(bytes), next);
      const { mac, contents } = describePkcs12(changed, {});
      const encryptions = contents.flatMap(({ encryption, bags }) => [
        encryption,
        ...(bags ?? []).map((bag) => bag.encryption),
      ]);
      if ((mac?.iterations ?? 1) > 5000 || !encryptions.every(cheap)) return;
      const { keys } = await readPkcs12(changed, { passphrase }, {});
      for (const key of keys) if (cheap(key.encryption)) await key.open({ passphrase });
    });
    expect(count).toBeGreaterThan(300);
  }, 120_000);

  test('plaintexts under the right passphrase: what was encrypted broken', async () => {
    const plain = corpus.filter(
      ({ container, bytes }) => container === 'not encrypted' && !isPem(bytes) && !isPkcs12(bytes),
    );
    const { judgeKey } = await import('../../src/bundle/keys/judge.js');
    const next = random(7);
    const verdicts = { right: 0, wrong: 0, unusable: 0 };
    for (let index = 0; index < 6000; index += 1) {
      const { bytes } = plain[below(next, plain.length)]!;
      const verdict = judgeKey({ bytes: mutate(Buffer.from(bytes), next), sound: next() < 0.9 }, {});
      verdicts[verdict.kind] += 1;
      if (verdict.kind === 'unusable') expect(verdict.error.code).toMatch(codes);
    }
    expect(verdicts.unusable).toBeGreaterThan(1000);
  }, 120_000);
});
