import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures } from '../support/run.js';
import { writerTo } from './support.js';

export const fixture = (name: string): string => join(fixtures, name);
export const secretOf = (name: string): string => readFileSync(fixture(`${name}.secret`), 'utf8').trim();

/** The bundle of a device as SAP issues it. */
export const bundle = readFileSync(fixture('device.pem'), 'utf8');

/** Later than every certificate that a test makes begins. */
export const now = new Date(Date.now() + 3_600_000);

export const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** The bundle in a folder where no secret lies beside it, whole and in parts. */
export function lonelyDevice(folder: string): { lonely: string; key: string; certificate: string } {
  const write = writerTo(folder);
  const end = bundle.indexOf('-----BEGIN CERT');
  return {
    lonely: write('lonely.pem', bundle),
    key: write('lonely.key', bundle.slice(0, end)),
    certificate: write('lonely.crt', bundle.slice(end)),
  };
}
