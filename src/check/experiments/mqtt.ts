import type { DiagnosisCode } from '../../codes.js';
import { freshClientId } from '../plan.js';
import { certificateCn } from '../probes/file.js';
import type { Bench, Experiment } from './experiment.js';
import { longerThanFirst, varied } from './varied.js';

/** Variations of CONNECT, once TLS is through. */

const unexplained: readonly DiagnosisCode[] = [
  'mqtt.server-unavailable',
  'mqtt.not-authorized',
  'mqtt.closed-before-connack',
  'mqtt.no-connack',
  'mqtt.malformed-reply',
];

export const mqtt311: Experiment = varied({
  id: 'mqtt-3.1.1',
  title: 'tried again with MQTT 3.1.1',
  separates: unexplained,
  confirms: ['mqtt.protocol-version-refused', 'mqtt.refused'],
  vary: (bench) =>
    connectFailed(bench) && bench.view.mqtt?.protocolVersion === '5'
      ? { variation: { mqttVersion: '3.1.1' } }
      : undefined,
});

export const mqtt5: Experiment = varied({
  id: 'mqtt-5',
  title: 'tried again with MQTT 5',
  separates: unexplained,
  confirms: ['mqtt.protocol-version-refused'],
  vary: (bench) =>
    connectFailed(bench) && bench.view.mqtt?.protocolVersion === '3.1.1'
      ? { variation: { mqttVersion: '5' } }
      : undefined,
});

export const ownClientId: Experiment = varied({
  id: 'own-client-id',
  title: 'tried again with the client id that the certificate names',
  separates: [...unexplained, 'certificate.device-id-mismatch', 'mqtt.closed-after-connack'],
  confirms: ['mqtt.client-id-refused', 'mqtt.bad-credentials', 'mqtt.refused'],
  vary: (bench) => {
    const { view, context } = bench;
    const leaf = context.file.identity?.leaf.x509;
    const clientId = view.target.ownDeviceId ?? (leaf === undefined ? '' : certificateCn(leaf));
    if (
      clientId === '' ||
      clientId === view.target.clientId ||
      (!connectFailed(bench) && !endedAfterConnack(bench))
    )
      return undefined;
    const stayMs = longerThanFirst(bench);
    return stayMs === undefined ? undefined : { variation: { clientId, stayMs }, facts: { clientId } };
  },
});

export const freshClientIdExperiment: Experiment = varied({
  id: 'fresh-client-id',
  title: 'tried again with a client id that no device has',
  separates: ['mqtt.session-taken-over', 'mqtt.closed-after-connack'],
  vary: (bench) => {
    if (!endedAfterConnack(bench) || bench.view.target.clientIdFrom === 'random') return undefined;
    const stayMs = longerThanFirst(bench);
    const clientId = freshClientId();
    return stayMs === undefined ? undefined : { variation: { clientId, stayMs }, facts: { clientId } };
  },
});

function connectFailed({ view }: Bench): boolean {
  return view.failed === 'mqtt' && view.mqtt?.reach === 'connect-sent' && view.mqtt.connack?.code !== 0;
}

function endedAfterConnack({ view }: Bench): boolean {
  const { failed, mqtt } = view;
  return (
    failed === 'mqtt' && mqtt?.connack?.code === 0 && mqtt.end?.by === 'server' && mqtt.during !== 'suback'
  );
}
