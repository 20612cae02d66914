import { anyOf, named, proven, type FailureRow, type Setup } from '../row.js';
import { mosquitto, type MosquittoSetup } from '../servers/mosquitto.js';
import type { Stand } from '../stand.js';
import { device, guest, impatient } from './support.js';

/** Real mosquitto in many of its options. */

type Make<T> = (stand: Stand) => T | Promise<T>;

interface Case extends Omit<FailureRow, 'setup' | 'needs'> {
  readonly broker: Make<MosquittoSetup>;
  readonly options?: Make<Partial<Setup>>;
  readonly anonymous?: true;
}

function row({ broker, options, anonymous, name, ...rest }: Case): FailureRow {
  return {
    ...rest,
    name: `mosquitto: ${name}`,
    needs: ['mosquitto'],
    setup: async (stand) => {
      const at = await mosquitto(stand, await broker(stand));
      return (anonymous === true ? guest : device)(stand, at, await options?.(stand));
    },
  };
}

const certificates: Make<MosquittoSetup> = ({ world }) => ({ clientCa: world.deviceRoot.pem });
const lines =
  (...more: readonly string[]): Make<MosquittoSetup> =>
  ({ world }) => ({ clientCa: world.deviceRoot.pem, lines: more });

const generic = { profile: 'generic' } as const;
const publishing = {
  publish: { topic: 'plant/7/temperature', message: '21.5', qos: 1 },
  profile: 'generic',
  until: 'ack',
  timeout: impatient,
} as const;

export const mosquittoRows: readonly FailureRow[] = [
  row({
    name: 'the client id has not the prefix that is asked for',
    expect: named('mqtt.not-authorized', {
      never: ['tls.client-certificate-refused', 'tls.client-certificate-chain-incomplete'],
    }),
    named: /not authori[sz]ed/i,
    broker: lines('clientid_prefixes gateway-'),
    options: () => ({ ...generic, clientId: 'device-1' }),
  }),
  ...(['subject', 'identity'] as const).map((what) =>
    row({
      name: `the ${what} of the certificate is the user name, and the access list knows another`,
      expect: proven('mqtt.publish-refused', { never: ['mqtt.no-puback'] }),
      named: /denied|not authori[sz]ed|refused/i,
      tools: 'publish',
      broker: ({ world }) => ({
        clientCa: world.deviceRoot.pem,
        lines: [`use_${what}_as_username true`],
        acl: 'user somebody-else\ntopic readwrite #\n',
      }),
      options: () => publishing,
    }),
  ),
  row({
    name: 'a password that is wrong, MQTT 5',
    expect: anyOf(['mqtt.not-authorized', 'mqtt.bad-credentials'], {
      never: ['tls.client-certificate-not-requested'],
    }),
    named: /not authori[sz]ed|bad user/i,
    tools: 'mqtt5',
    anonymous: true,
    broker: () => ({ users: { alice: 'wonderland' } }),
    options: () => ({ ...generic, mqttVersion: '5', username: 'alice', password: 'looking-glass' }),
  }),
  row({
    name: 'a user that does not exist',
    expect: anyOf(['mqtt.not-authorized', 'mqtt.bad-credentials'], {
      never: ['tls.client-certificate-not-requested'],
    }),
    named: /not authori[sz]ed|bad user/i,
    anonymous: true,
    broker: () => ({ users: { alice: 'wonderland' } }),
    options: () => ({ ...generic, username: 'bob', password: 'looking-glass' }),
  }),
  row({
    name: 'a certificate is asked for, none is needed, and a password is',
    expect: anyOf(['mqtt.not-authorized', 'mqtt.bad-credentials'], {
      never: [
        'tls.client-certificate-refused',
        'tls.client-certificate-not-requested',
        'tls.client-certificate-chain-incomplete',
      ],
    }),
    named: /not authori[sz]ed|bad user/i,
    broker: ({ world }) => ({ clientCa: world.deviceRoot.pem, users: { alice: 'wonderland' } }),
    options: () => generic,
  }),
  row({
    name: 'its CA file holds the intermediate without the root',
    expect: named('tls.client-certificate-issuer-not-accepted', {
      never: ['tls.client-certificate-chain-incomplete'],
    }),
    named: /unknown ca|issuer/i,
    broker: ({ world }) => ({ clientCa: world.deviceIssuer.pem }),
  }),
  row({
    name: 'a pre-shared key is asked for, no certificate',
    expect: anyOf(['tls.no-common-cipher'], { says: [/PSK/] }),
    named: /cipher|PSK|handshake failure/i,
    broker: (stand) => ({
      identity: 'none',
      lines: [
        'psk_hint lab',
        'tls_version tlsv1.2',
        `psk_file ${stand.file('psk', 'device:0123456789abcdef\n')}`,
      ],
    }),
  }),
  row({
    name: 'one cipher that nobody has any more, TLS 1.2',
    expect: named('tls.no-common-cipher'),
    named: /cipher|handshake failure/i,
    broker: () => ({ tlsVersion: '1.2', lines: ['ciphers ECDHE-ECDSA-CAMELLIA128-SHA256'] }),
  }),
  row({
    name: 'RSA ciphers, and a certificate that is none, TLS 1.2',
    expect: named('tls.no-common-cipher'),
    named: /cipher|handshake failure/i,
    broker: () => ({ tlsVersion: '1.2', lines: ['ciphers AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256'] }),
  }),
  row({
    name: 'a limit of packets that CONNECT itself breaks',
    expect: anyOf(['mqtt.closed-before-connack', 'mqtt.packet-too-large'], {
      never: ['tls.client-certificate-refused', 'mqtt.client-id-refused'],
    }),
    named: /closed|too large|connection lost/i,
    broker: lines('max_packet_size 20'),
  }),
  row({
    name: 'a message that is refused, QoS 2, MQTT 5',
    expect: proven('mqtt.publish-refused'),
    named: /not authori[sz]ed|refused|denied/i,
    tools: 'publish',
    broker: ({ world }) => ({ clientCa: world.deviceRoot.pem, acl: 'topic read #\n' }),
    options: () => ({ ...publishing, publish: { ...publishing.publish, qos: 2 }, mqttVersion: '5' }),
  }),
  row({
    name: 'a topic with a wildcard in it',
    expect: anyOf(['mqtt.publish-refused', 'mqtt.closed-after-connack'], {
      never: ['mqtt.no-puback', 'mqtt.keepalive-lost'],
    }),
    named: /topic|refused|closed|connection lost/i,
    tools: 'publish',
    broker: certificates,
    options: () => ({ ...publishing, publish: { ...publishing.publish, topic: 'plant/+/temperature' } }),
  }),
  row({
    name: 'a measure on a broker behind which nobody acknowledges',
    expect: named('ack.none', { never: ['mqtt.no-puback'] }),
    named: /acknowledg/i,
    tools: 'publish',
    broker: certificates,
    options: () => ({
      measure: { capabilityAlternateId: 'c', sensorAlternateId: 's', measures: [['1']] },
      until: 'ack',
      timeout: impatient,
    }),
  }),
];
