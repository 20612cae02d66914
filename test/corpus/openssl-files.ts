import type { BaseKey } from './base-keys.js';
import type { CorpusFile } from './corpus-file.js';
import { inPairs, openssl } from './openssl.js';
import { type OpensslRow, opensslRows } from './openssl-rows.js';

/** Runs every row of the table. Throws where openssl cannot do what a row says. */
export function makeOpensslFiles(folder: string, keys: ReadonlyMap<string, BaseKey>): Promise<CorpusFile[]> {
  return inPairs(opensslRows, async (row) => {
    const key = keys.get(row.key);
    if (key === undefined) throw new Error(`no base key is called ${row.key}`);
    const bytes = await openssl([...command(row, key)], { passphrase: row.passphrase, cwd: folder });
    const { container, kdf, cipher, passphrase, args } = row;
    const [program, ...options] = args.filter((arg) => !/^(?:-provider|legacy|default)$/.test(arg));
    const name = `${program} ${options.join(' ')}`;
    const { publicKey } = key;
    return { madeBy: 'openssl', name, container, kdf, cipher, key: row.key, passphrase, bytes, publicKey };
  });
}

function command({ args, passphrase }: OpensslRow, { file, certificate }: BaseKey): readonly string[] {
  const [program = '', ...options] = args;
  const input =
    program === 'pkcs12'
      ? ['-inkey', file, '-in', certificate ?? file, '-certfile', 'EC-P-521.crt']
      : ['-in', file];
  const output = passphrase === undefined ? [] : ['-passout', 'env:PASSPHRASE'];
  return [program, ...options, ...input, ...output];
}
