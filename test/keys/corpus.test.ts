import { createPublicKey } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { openForTls } from '../../src/bundle/keys/index.js';
import { type Container, type CorpusFile, containers, makeCorpus, title } from '../corpus/index.js';
import { openFile, readKeys } from '../corpus/open-file.js';
import { readVectors } from '../corpus/vectors.js';
import { describeWithPeer, hasPeer } from '../support/peers.js';
import { refusal } from './support.js';

const corpus = hasPeer('openssl') ? await makeCorpus() : readVectors();
const rows = corpus.map((file): [string, CorpusFile] => [title(file), file]);

/** A wrong passphrase costs as many derivations as it has byte forms: too many for some of these files. */
const costly = /RFC 7914|NSS|GnuTLS|64 MiB/;
const encrypted = rows.filter(([name, { passphrase }]) => passphrase !== undefined && !costly.test(name));

describe('every file of the corpus opens', () => {
  test.each(rows)('%s', async (_title, file) => {
    const keys = await readKeys(file.bytes, { passphrase: file.passphrase });
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) {
      expect({ kdf: key.encryption?.kdf, cipher: key.encryption?.cipher }).toEqual({
        kdf: file.kdf,
        cipher: file.cipher,
      });
      const opened = await openForTls(key, { passphrase: file.passphrase });
      expect(createPublicKey(opened).equals(createPublicKey(file.publicKey))).toBe(true);
      expect(key.type ?? opened.asymmetricKeyType).toBe(opened.asymmetricKeyType);
    }
  });
});

describe('a wrong passphrase is called wrong, a missing one missing', () => {
  test.each(encrypted)('%s', async (_title, { bytes, passphrase }) => {
    const wrong = await refusal(() => openFile(bytes, { passphrase: `${passphrase}?` }));
    expect(wrong.code).toBe('key.passphrase-wrong');
    const missing = await refusal(() => openFile(bytes, {}));
    expect(missing.code).toBe('key.passphrase-missing');
  });
});

test('the passphrase may be bytes', async () => {
  const isLatin1 = ({ passphrase, name }: CorpusFile) => passphrase === 'grün7 !#?' && !costly.test(name);
  const file = corpus.find(isLatin1);
  const [key] = await openFile(file!.bytes, { passphrase: Buffer.from(file!.passphrase!, 'utf8') });
  expect(createPublicKey(key!).equals(createPublicKey(file!.publicKey))).toBe(true);
});

describeWithPeer(['openssl', 'ssh-keygen', 'puttygen'], 'the corpus', () => {
  test('holds every container, derivation and cipher that the tables promise', () => {
    const count = (container: Container) => corpus.filter((file) => file.container === container).length;
    expect(corpus.length).toBeGreaterThan(300);
    for (const container of containers) expect([container, count(container) > 15]).toEqual([container, true]);
  });
});
