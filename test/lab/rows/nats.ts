import { anyOf, named, proven, type FailureRow, type HealthyRow, type Setup } from '../row.js';
import { nats, type NatsSetup } from '../servers/nats.js';
import type { Stand } from '../stand.js';
import { bundleOf, chain, expired } from '../world.js';
import { device, guest } from './support.js';

/** A broker that is none of the usual ones: NATS with its MQTT listener. */

interface Case extends Omit<FailureRow, 'setup' | 'needs'> {
  readonly broker: NatsSetup;
  readonly options?: (stand: Stand) => Partial<Setup> | Promise<Partial<Setup>>;
  readonly anonymous?: true;
}

function row({ broker, options, anonymous, name, ...rest }: Case): FailureRow {
  return {
    ...rest,
    name: `NATS: ${name}`,
    needs: ['nats'],
    setup: async (stand) =>
      (anonymous === true ? guest : device)(stand, await nats(stand, broker), await options?.(stand)),
  };
}

const alice = (permissions: string): string =>
  `authorization { users: [ { user: alice, password: wonderland, permissions: { ${permissions} } } ] }`;
const login = { username: 'alice', password: 'wonderland', profile: 'generic' } as const;

export const natsRows: readonly FailureRow[] = [
  row({
    name: 'no certificate',
    expect: proven('tls.client-certificate-missing'),
    named: /certificate required|bad certificate|no certificate/i,
    anonymous: true,
    broker: { verify: true },
  }),
  row({
    name: 'an expired certificate',
    expect: named('tls.client-certificate-expired'),
    named: /expired|bad certificate/i,
    broker: { verify: true },
    options: async ({ world }) => ({ input: bundleOf(await world.makeDevice(expired), world.deviceIssuer) }),
  }),
  row({
    name: 'the leaf alone, and the intermediate is in the CA file',
    expect: proven('tls.client-certificate-chain-incomplete', { experiments: { 'chain-added': 'accepted' } }),
    named: /chain|intermediate|bad certificate|unknown/i,
    broker: { verify: true },
    options: ({ world }) => ({ input: world.leafOnly, ca: chain(world.serverRoot, world.deviceIssuer) }),
  }),
  row({
    name: 'a password that is wrong',
    expect: anyOf(['mqtt.not-authorized', 'mqtt.bad-credentials'], {
      never: ['tls.client-certificate-missing'],
    }),
    named: /not authori[sz]ed|bad user/i,
    anonymous: true,
    broker: { authorization: alice('publish: ">"') },
    options: () => ({ ...login, password: 'looking-glass' }),
  }),
  row({
    name: 'a subscription that is denied',
    expect: proven('mqtt.subscribe-refused'),
    named: /denied|128|subscri/i,
    tools: 'subscribe',
    anonymous: true,
    broker: { authorization: alice('subscribe: { deny: "plant.>" }') },
    options: () => ({ ...login, subscribe: ['plant/#'] }),
  }),
  row({
    name: 'MQTT 5, which it does not speak',
    expect: proven('mqtt.protocol-version-refused', { experiments: { 'mqtt-3.1.1': 'accepted' } }),
    named: /protocol version/i,
    tools: 'mqtt5',
    broker: { verify: true },
    options: () => ({ mqttVersion: '5' }),
  }),
];

export const healthyNats: readonly HealthyRow[] = [
  {
    name: 'NATS, certificates required',
    needs: ['nats'],
    setup: async (stand) => device(stand, await nats(stand, { verify: true })),
  },
  {
    name: 'NATS: a message with QoS 1, for which MQTT 5 is tried first and 3.1.1 then',
    needs: ['nats'],
    setup: async (stand) =>
      device(stand, await nats(stand, { verify: true }), {
        profile: 'generic',
        publish: { topic: 'plant/7', message: '21.5', qos: 1 },
        until: 'ack',
      }),
  },
];
