import { clientRows } from './client.js';
import { connectRows } from './connect.js';
import { fileRows } from './file.js';
import { handshakeRows } from './handshake.js';
import { networkRows } from './network.js';
import { portRows } from './port.js';
import { serverRows } from './server.js';
import { sessionRows } from './session.js';
import type { Row } from './row.js';

export { connack, distrusted, ended, refusedBy } from './row.js';

/** Evidence by hand, and the cause that must be the first answer to it, in the order of the stages. */
export const rows: readonly Row[] = [
  ...fileRows,
  ...networkRows,
  ...portRows,
  ...handshakeRows,
  ...serverRows,
  ...clientRows,
  ...connectRows,
  ...sessionRows,
];
