import { generateSha1 } from './sha1.js';

/**
 * The text of a module that takes the place of `kdf/bytes.js` in what `npm run build` makes: the same
 * function, its results computed. Generating takes 10 to 20 ms in a fresh process, decoding none.
 */
export function builtBytesModule(): string {
  const encoded = { 1: base64(generateSha1(1)), 4: base64(generateSha1(4)) };
  return [
    '// Written by the build out of kdf/generate/.',
    `const encoded = ${JSON.stringify(encoded)};`,
    "export const sha1Module = (lanes) => Buffer.from(encoded[lanes], 'base64');",
    '',
  ].join('\n');
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
