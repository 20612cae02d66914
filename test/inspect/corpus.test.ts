import { createPublicKey } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { inspectBundle } from '../../src/bundle/inspect/index.js';
import { type CorpusFile, makeCorpus, title } from '../corpus/index.js';
import { readVectors } from '../corpus/vectors.js';
import { hasPeer } from '../support/peers.js';

const corpus = hasPeer('openssl') ? await makeCorpus() : readVectors();
const rows = corpus.map((file): [string, CorpusFile] => [title(file), file]);

test.each(rows)('without a secret: %s', async (_title, { bytes, kdf, cipher, passphrase }) => {
  const { keys, stores, problems } = await inspectBundle(bytes);
  expect(problems).toEqual([]);
  const encryptions = [
    ...keys.map(({ encryption }) => encryption),
    ...stores.flatMap(({ contents }) => contents.map(({ encryption }) => encryption)),
  ];
  if (passphrase === undefined) expect(keys.map(({ state }) => state)).not.toContain('locked');
  else expect(keys.map(({ state }) => state)).not.toContain('open');
  expect(encryptions).toContainEqual(
    kdf === undefined ? undefined : expect.objectContaining({ kdf, cipher }),
  );
});

/** Opening takes its time; that every file opens is shown elsewhere. */
const some = rows.filter((_, index) => index % 12 === 0);

test.each(some)('with its secret: %s', async (_title, { bytes, passphrase, publicKey }) => {
  const { keys, problems } = await inspectBundle(bytes, { passphrase });
  const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(publicKey);
  // Some certificates of the RFCs have ended.
  expect(problems.filter(({ code }) => code !== 'certificate.expired')).toEqual([]);
  expect(keys[0]).toMatchObject({ state: 'open', type: asymmetricKeyType });
  expect(keys[0]?.size).toBe(asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve);
});
