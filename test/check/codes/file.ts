import { failing } from '../evidence.js';
import { type Row, row } from './row.js';

export const fileRows: readonly Row[] = (
  [
    'file.not-found',
    'file.unreadable',
    'file.empty',
    'file.too-large',
    'file.unrecognised',
    'file.malformed',
    'file.truncated',
    'file.no-private-key',
    'file.no-certificate',
    'file.several-keys',
    'file.not-a-certificate',
    'key.passphrase-missing',
    'key.passphrase-wrong',
    'key.unsupported-encryption',
    'key.unsupported-type',
    'key.kdf-too-costly',
    'key.damaged',
    'key.certificate-mismatch',
    'key.not-private',
    'ca-file.unusable',
  ] as const
).map((code) =>
  row(
    `the input: ${code}`,
    code,
    'proven',
    failing('file', { file: { leaf: undefined, defects: [{ code, message: 'what is wrong' }] } }),
  ),
);
