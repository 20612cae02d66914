import type { FailureRow, HealthyRow } from '../row.js';
import { clientRows } from './client.js';
import { connackRows, hiddenRows } from './connack.js';
import { fieldRows } from './field.js';
import { fileRows } from './file.js';
import { healthyRows } from './healthy.js';
import { lateRows } from './late.js';
import { negotiationRows } from './negotiation.js';
import { networkRows } from './network.js';
import { portRows } from './port.js';
import { serverRows } from './server.js';
import { sessionRows } from './session.js';

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
];

/** Set-ups with which nothing is wrong, however odd they look. */
export const healthy: readonly HealthyRow[] = healthyRows;
