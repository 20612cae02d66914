import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeBaseKeys } from './base-keys.js';
import type { CorpusFile } from './corpus-file.js';
import { makeFiles } from './made.js';
import { makeOpenSshFiles } from './openssh-files.js';
import { makePuttyFiles } from './putty-files.js';
import { makeOpensslFiles } from './openssl-files.js';
import { hasPeer } from '../support/programs.js';
import { readVectors } from './vectors.js';

export { type Container, containers, type CorpusFile, title } from './corpus-file.js';

/** All files: made by openssl, ssh-keygen and puttygen, made here, and kept from other programs. Takes openssl two or three seconds. */
export async function makeCorpus(): Promise<readonly CorpusFile[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sapcert-corpus-'));
  try {
    const keys = await makeBaseKeys(folder);
    const byOpenssl = await makeOpensslFiles(folder, keys);
    const byOpenSsh = hasPeer('ssh-keygen') ? await makeOpenSshFiles(folder) : [];
    const byPutty = hasPeer('puttygen') && hasPeer('ssh-keygen') ? await makePuttyFiles(folder) : [];
    return [...byOpenssl, ...byPutty, ...byOpenSsh, ...(await makeFiles(keys, folder)), ...readVectors()];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
