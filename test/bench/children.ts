import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { build } from 'esbuild';
import { builtBytesModule } from '../../src/kdf/generate/built.js';
import { repository } from '../support/run.js';

// Programs that the benchmark runs as processes of their own: each strips the bundles of a folder into another,
// synced to the disk, with as many threads as there are processors, and prints what memory it needed at most.

export type Method = 'sapcert' | 'limit' | 'createPrivateKey' | 'node-forge';

const fileUrl = (path: string): string => JSON.stringify(pathToFileURL(path).href);
const fleetModule = fileUrl(join(repository, 'dist/fleet/index.js'));

const kdfFile = join(repository, 'node_modules/.cache/sapcert-bench-kdf.mjs');

/** What the limit derives keys with: sapcert's own derivation, as the build makes it. */
export async function buildKdf(): Promise<void> {
  await build({
    entryPoints: [join(repository, 'src/kdf/index.ts')],
    outfile: kdfFile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [
      {
        name: 'computed bytes',
        setup: (building) =>
          building.onLoad({ filter: /[\\/]kdf[\\/]bytes\.ts$/ }, () => ({ contents: builtBytesModule() })),
      },
    ],
  });
}

/** The text of an ES module for `node --input-type=module -e`. */
export function program(method: Method, from: string, to: string): string {
  const [source, target] = [JSON.stringify(from), JSON.stringify(to)];
  const work =
    method === 'sapcert'
      ? `
        const { stripFleet } = await import(${fleetModule});
        const { results } = stripFleet({ inputs: [${source}], output: { folder: ${target} }, passphrase: 'secret' });
        for await (const { status } of results) if (status !== 'done') throw new Error(status);`
      : `
        const { Worker } = await import('node:worker_threads');
        const { availableParallelism } = await import('node:os');
        const count = availableParallelism();
        const code = ${JSON.stringify(`${threadStart}${threads[method]}`)};
        await Promise.all(Array.from({ length: count }, (_, index) => new Promise((resolve, reject) => {
          const workerData = { from: ${source}, to: ${target}, index, count };
          new Worker(code, { eval: true, workerData, execArgv: [] }).on('error', reject).on('exit', resolve);
        })));`;
  return `${work}\nconsole.log(process.resourceUsage().maxRSS);`;
}

/** What all threads share: the names of their part, and writing a file whole, with its disk write waited for. */
const threadStart = `
  const { workerData: { from, to, index, count } } = require('node:worker_threads');
  const fs = require('node:fs');
  const crypto = require('node:crypto');
  const names = fs.readdirSync(from).filter((name) => name.endsWith('.pem')).filter((_, i) => i % count === index);
  const read = (name) => fs.readFileSync(from + '/' + name, 'latin1');
  const write = (name, data) => {
    const temporary = to + '/.' + name;
    const file = fs.openSync(temporary, 'wx', 0o600);
    fs.writeSync(file, data);
    return new Promise((resolve) => fs.fsync(file, () => {
      fs.closeSync(file);
      fs.renameSync(temporary, to + '/' + name);
      resolve();
    }));
  };
  const certificateOf = (text) => text.slice(text.indexOf('-----BEGIN CERTIFICATE'));
`;

const threads: Readonly<Record<Exclude<Method, 'sapcert'>, string>> = {
  createPrivateKey: `
    (async () => {
      for (const name of names) {
        const text = read(name);
        const key = crypto.createPrivateKey({ key: text, passphrase: 'secret' });
        const certificate = new crypto.X509Certificate(certificateOf(text));
        if (!certificate.checkPrivateKey(key)) throw new Error(name);
        await write(name, key.export({ type: 'pkcs8', format: 'pem' }) + certificate.toString());
      }
    })();`,

  'node-forge': `
    (async () => {
      const forge = require('node-forge');
      for (const name of names) {
        const text = read(name);
        const key = forge.pki.decryptRsaPrivateKey(text.slice(0, text.indexOf('-----BEGIN CERTIFICATE')), 'secret');
        const pem = forge.pki.privateKeyInfoToPem(forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)));
        await write(name, pem + certificateOf(text));
      }
    })();`,

  // The work that nobody can leave out: read, derive, decrypt, look at every number of the key, encode, write.
  limit: `
    (async () => {
      const { openSapFormBatch, readRsaKey, readRsaPkcs1 } = await import(${fileUrl(kdfFile)});
      const bodyOf = (text) => Buffer.from(/\\n\\n?([A-Za-z0-9+/=\\n]+)-----END/.exec(text)[1], 'base64');
      const decrypt = (cipher, key, iv, data) => {
        const decipher = crypto.createDecipheriv(cipher, key, iv);
        return Buffer.concat([decipher.update(data), decipher.final()]);
      };
      const at = (der, hex) => der.indexOf(Buffer.from(hex, 'hex')) + hex.length / 2;
      const open = (text) => {
        const der = bodyOf(text);
        const dek = /DEK-Info: AES-256-CBC,(\\w+)/.exec(text);
        if (dek !== null) {
          const iv = Buffer.from(dek[1], 'hex');
          const parts = ['secret', iv.subarray(0, 8)];
          const md5 = (...more) => more.reduce((hash, part) => hash.update(part), crypto.createHash('md5')).digest();
          const first = md5(...parts);
          return readRsaPkcs1(decrypt('aes-256-cbc', Buffer.concat([first, md5(first, ...parts)]), iv, der));
        }
        // As openssl writes PBES2: the salt after PBKDF2's identifier, the vector after the cipher's.
        const salt = at(der, '06092a864886f70d01050c') + 4;
        const iv = at(der, '060960864801650304012a') + 2;
        const iterations = der.readUIntBE(salt + 10, der[salt + 9]);
        const key = crypto.pbkdf2Sync('secret', der.subarray(salt, salt + 8), iterations, 32, 'sha256');
        return readRsaKey(decrypt('aes-256-cbc', key, der.subarray(iv, iv + 16), der.subarray(iv + 20)));
      };
      const openAll = (texts) => {
        const [first] = texts.map(bodyOf);
        if (!first.includes(Buffer.from('2a864886f70d010c0103', 'hex'))) return texts.map(open);
        return openSapFormBatch(texts.map((text) => {
          const der = bodyOf(text);
          const salt = at(der, '060a2a864886f70d010c0103') + 4;
          const count = salt + 8;
          const ciphertext = count + 2 + der[count + 1] + 4;
          return {
            salt: der.subarray(salt, count),
            iterations: der.readUIntBE(count + 2, der[count + 1]),
            ciphertext: der.subarray(ciphertext),
            passphrase: 'secret',
          };
        }));
      };
      const encode = (der) => '-----BEGIN PRIVATE KEY-----\\n' + der.toString('base64').match(/.{1,64}/g).join('\\n') +
        '\\n-----END PRIVATE KEY-----\\n';
      for (let start = 0; start < names.length; start += 8) {
        const part = names.slice(start, start + 8);
        const texts = part.map(read);
        const keys = openAll(texts);
        await Promise.all(part.map((name, i) => write(name, encode(Buffer.from(keys[i].pkcs8)) + certificateOf(texts[i]))));
      }
    })();`,
};
