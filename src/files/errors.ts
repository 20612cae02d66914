import { type ErrorCode } from '../codes.js';
import { SapcertError } from '../errors.js';

type Row = readonly [code: ErrorCode, message: (path: string) => string, hint: string];

const outputRows: Readonly<Record<string, Row>> = {
  EEXIST: [
    'output.exists',
    (path) => `${path} was written by another process meanwhile; it was left as it is`,
    'use --overwrite to replace it, or give another name',
  ],
  ENOENT: ['output.not-writable', (path) => `the folder of ${path} does not exist`, 'make the folder first'],
  ENOTDIR: ['output.not-writable', (path) => `the folder of ${path} is a file`, 'name another folder'],
  EISDIR: ['output.not-writable', (path) => `${path} is a folder`, 'name a file'],
  EACCES: ['output.not-writable', (path) => `no permission to write ${path}`, 'write elsewhere with -o FILE'],
  EPERM: ['output.not-writable', (path) => `no permission to write ${path}`, 'write elsewhere with -o FILE'],
  EROFS: [
    'output.not-writable',
    (path) => `${path} is on a read-only file system`,
    'write elsewhere with -o FILE',
  ],
  ENAMETOOLONG: ['output.not-writable', (path) => `the name is too long: ${path}`, 'choose a shorter name'],
  ELOOP: ['output.not-writable', (path) => `${path} leads through a circle of links`, 'name another folder'],
  EPIPE: ['output.failed', (path) => `the reader of ${path} is gone`, 'start its reader again'],
  ENOSPC: [
    'output.failed',
    (path) => `no space left for ${path}; nothing was left behind`,
    'make room and run it again',
  ],
  EDQUOT: ['output.failed', (path) => `the disk quota is used up for ${path}`, 'make room and run it again'],
};

/** What the system said about an output, as one of ours. */
export function outputError(path: string, cause: unknown): SapcertError {
  if (cause instanceof SapcertError) return cause;
  const code = systemCode(cause);
  const [errorCode, message, hint] = outputRows[code] ?? [
    'output.failed' as const,
    (name: string) => `${name} could not be written (${code})`,
    'nothing was left behind; try another folder',
  ];
  return new SapcertError(errorCode, message(path), { hint, cause });
}

const inputRows: Readonly<Record<string, Row>> = {
  ENOENT: [
    'file.not-found',
    () => 'there is no such file',
    'check the path; a name with spaces needs quotes',
  ],
  ENOTDIR: ['file.not-found', () => 'there is no such file', 'a part of the path is a file, not a folder'],
  ENAMETOOLONG: [
    'file.not-found',
    () => 'there is no such file: the name is too long',
    'if this is the bundle itself, not its name, hand it over on standard input: -',
  ],
  ELOOP: ['file.unreadable', () => 'it leads through a circle of links', 'name the file itself'],
  EISDIR: ['file.unreadable', () => 'this is a folder', 'name the bundle inside it'],
  EACCES: [
    'file.unreadable',
    () => 'no permission to read it',
    'ask its owner, or read it as the user who may',
  ],
};

/** What the system said about an input, as one of ours. */
export function inputError(path: string, cause: unknown): SapcertError {
  if (cause instanceof SapcertError) return cause;
  const code = systemCode(cause);
  const [errorCode, message, hint] = inputRows[code] ?? [
    'file.unreadable' as const,
    () => `it could not be read (${code})`,
    'check the disk and the path',
  ];
  return new SapcertError(errorCode, message(path), { place: { file: path }, hint, cause });
}

/** `ENOENT` and the like. Told by its shape: an error of Node's own may come from another realm. */
export function systemCode(cause: unknown): string {
  const known = typeof cause === 'object' && cause !== null && 'code' in cause;
  return known && typeof cause.code === 'string' ? cause.code : 'unknown';
}
