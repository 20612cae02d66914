import type { Reader } from '../reader.js';
import * as brokers from './brokers.js';
import * as bundles from './bundles.js';
import * as keys from './keys.js';
import * as tables from './tables.js';
import * as wire from './wire.js';

/** Every reader of foreign bytes. */
export const readers: readonly Reader[] = [
  bundles.pem,
  bundles.bundle,
  bundles.inspect,
  bundles.wrapped,
  bundles.issuerDownload,
  bundles.names,
  keys.pemKeys,
  keys.der,
  keys.openSsh,
  keys.putty,
  keys.pkcs12,
  wire.tlsRecords,
  wire.handshake,
  wire.mqttTrace,
  brokers.mqttCheck,
  brokers.mqttConnector,
  brokers.puback,
  brokers.acknowledgements,
  tables.ndjson,
  tables.secrets,
  tables.savedCheck,
];

export const readerNames: readonly string[] = readers.map(({ name }) => name);

/** @throws where there is no such reader */
export function readerNamed(name: string): Reader {
  const reader = readers.find((known) => known.name === name);
  if (reader === undefined) throw new Error(`there is no reader ${name}`);
  return reader;
}
