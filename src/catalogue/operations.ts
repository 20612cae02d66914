import type { OperationCode } from '../codes.js';
import type { Entry } from './entry.js';

/** The words for what goes wrong on this machine, whatever the input and the network are like. */
export const operationCatalogue: Readonly<Record<OperationCode, Entry>> = {
  'usage.invalid': {
    title: 'the command or the options make no sense',
    explanation: 'An option is unknown, lacks its value, or does not go with another. Nothing was done.',
    causes: ['A misspelt option.', 'Two options that exclude each other.'],
    remedy: ['See what the command takes:', '$ sapcert --help'],
    source: 'sapcert, exit code 2',
  },
  'output.exists': {
    title: 'the output file is there already',
    explanation: 'An existing file with other content is never replaced unasked. It is as it was.',
    causes: ['The command ran before, with another input.', 'A file of yours bears the name.'],
    remedy: ['Name another file with -o, or replace it with --overwrite.'],
    source: 'sapcert, exit code 2',
  },
  'output.not-writable': {
    title: 'the output cannot be written there',
    explanation: 'The folder does not exist, may not be written to, or the path is a link or a folder.',
    causes: [
      'The folder is misspelt or belongs to another user.',
      'A symbolic link stands in the way: it is not followed.',
    ],
    remedy: ['Name a file in a folder that this user may write to.'],
    source: 'POSIX open(2), EACCES, ENOENT, ELOOP',
  },
  'output.collision': {
    title: 'two results would go into one file',
    explanation: 'Two outputs, or an output and an input, have the same path. Nothing was written.',
    causes: [
      'Several inputs with the same file name go into one folder.',
      'An output was given the name of the input.',
    ],
    remedy: ['Name the outputs apart, or give the inputs one by one.'],
    source: 'sapcert, exit code 2',
  },
  'output.failed': {
    title: 'writing the output failed',
    explanation: 'The disk or the system refused in the middle of it. Nothing half-written remains.',
    causes: ['The disk is full, or a quota is used up.', 'The disk has a fault.'],
    remedy: ['Make room, and run the command again.'],
    source: 'POSIX write(2), ENOSPC, EDQUOT, EIO',
  },
  'queue.full': {
    title: 'more measures wait than there is room for',
    explanation:
      'The connection takes measures more slowly than they come, or is interrupted, and the queue is full.',
    causes: [
      'The network is away for longer than the queue lasts.',
      'Measures are made faster than the broker acknowledges them.',
    ],
    remedy: ['Wait until send() resolves before the next measure, or give the queue more room.'],
    source: 'sapcert, connectDevice',
  },
  interrupted: {
    title: 'the command was interrupted',
    explanation: 'It was ended before it was done. What is complete stays, nothing is half-written.',
    causes: ['Ctrl-C, or a signal of the system.', 'The AbortSignal that the caller gave.'],
    remedy: ['Run the command again; what is done already is not done twice.'],
    source: 'sapcert, exit code 3',
  },
  internal: {
    title: 'something went wrong inside sapcert that nobody foresaw',
    explanation: 'This is a fault of sapcert and none of yours.',
    causes: ['A defect of sapcert.'],
    remedy: ['Report it, with the command and what SAPCERT_DEBUG=1 shows; leave secrets out.'],
    source: 'sapcert, exit code 3',
  },
};

export function isOperationCode(text: string): text is OperationCode {
  return Object.hasOwn(operationCatalogue, text);
}
