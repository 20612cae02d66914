import type { FailureRow, HealthyRow } from '../row.js';
import { answerRows } from './answers.js';
import { brokerRows } from './broker.js';
import { clientRows } from './client.js';
import { connackRows, hiddenRows } from './connack.js';
import { exchangeRows } from './exchange.js';
import { fieldRows } from './field.js';
import { fileRows } from './file.js';
import { healthyRows } from './healthy.js';
import { haproxyRows } from './haproxy.js';
import { healthyBrokers } from './healthy-brokers.js';
import { healthyExchange } from './healthy-exchange.js';
import { healthyIssued } from './healthy-issued.js';
import { healthyProxies } from './healthy-proxies.js';
import { issuedDeviceRows } from './issued-device.js';
import { issuedServerRows } from './issued-server.js';
import { lateRows } from './late.js';
import { negotiationRows } from './negotiation.js';
import { networkRows } from './network.js';
import { poolRows } from './pools.js';
import { portRows } from './port.js';
import { mosquittoRows } from './mosquitto.js';
import { healthyNats, natsRows } from './nats.js';
import { nginxRows } from './nginx.js';
import { serverRows } from './server.js';
import { sessionRows } from './session.js';
import { tunnelRows } from './tunnels.js';

/** Every failure of the laboratory, one row each. */
export const failures: readonly FailureRow[] = [
  ...fileRows,
  ...networkRows,
  ...portRows,
  ...negotiationRows,
  ...serverRows,
  ...clientRows,
  ...lateRows,
  ...hiddenRows,
  ...connackRows,
  ...sessionRows,
  ...fieldRows,
  ...poolRows,
  ...brokerRows,
  ...exchangeRows,
  ...mosquittoRows,
  ...haproxyRows,
  ...nginxRows,
  ...tunnelRows,
  ...natsRows,
  ...issuedServerRows,
  ...issuedDeviceRows,
  ...answerRows,
];

/** Set-ups with which nothing is wrong, however odd they look. */
export const healthy: readonly HealthyRow[] = [
  ...healthyRows,
  ...healthyProxies,
  ...healthyExchange,
  ...healthyIssued,
  ...healthyBrokers,
  ...healthyNats,
];
