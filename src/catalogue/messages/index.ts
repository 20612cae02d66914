import { mqttClientMessages } from './clients.js';
import { embeddedMessages } from './embedded.js';
import { languageMessages } from './languages.js';
import { mbedtlsMessages } from './mbedtls.js';
import type { KnownMessage } from './message.js';
import { networkMessages } from './network.js';
import { opensslMessages } from './openssl.js';
import { stackMessages } from './stacks.js';

export type { KnownMessage } from './message.js';

/** Error messages of other programs, the more telling ones first. */
export const knownMessages: readonly KnownMessage[] = [
  ...mqttClientMessages.filter(({ program }) => program !== 'MQTT.js' && program !== 'mosquitto clients'),
  ...languageMessages,
  ...mbedtlsMessages,
  ...embeddedMessages,
  ...stackMessages,
  ...opensslMessages,
  ...networkMessages,
  ...mqttClientMessages.filter(({ program }) => program === 'MQTT.js' || program === 'mosquitto clients'),
];
