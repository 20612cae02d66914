import type { Rule } from '../rule.js';
import { clientRules } from './client.js';
import { clockRules } from './clock.js';
import { connectRules } from './connect.js';
import { fileRules } from './file.js';
import { handshakeRules } from './handshake.js';
import { issuerRules } from './issuer.js';
import { networkRules } from './network.js';
import { portRules } from './port.js';
import { publishRules } from './publish.js';
import { refusedRules } from './refused.js';
import { serverRules } from './server.js';
import { sessionRules } from './session.js';
import { wordlessRules } from './wordless.js';

/**
 * All rules. Among findings of equal certainty the one whose rule stands first comes first, so the more
 * particular rules stand before the more general ones.
 */
export const rules: readonly Rule[] = [
  ...fileRules,
  ...networkRules,
  ...clockRules,
  ...portRules,
  ...wordlessRules,
  ...serverRules,
  ...clientRules,
  ...issuerRules,
  ...connectRules,
  ...handshakeRules,
  ...refusedRules,
  ...sessionRules,
  ...publishRules,
];
