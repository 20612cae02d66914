import type { FailureRow, Setup } from '../row.js';
import { gateway, type GatewaySetup } from '../servers/gateway.js';
import { device } from './support.js';

/** A row whose whole broker is a script. */
export interface ScriptedCase extends Omit<FailureRow, 'setup'> {
  readonly script: GatewaySetup;
  readonly options?: Partial<Setup>;
}

export function scripted({ script, options = {}, ...rest }: ScriptedCase): FailureRow {
  return { ...rest, setup: async (stand) => device(stand, await gateway(stand, script), options) };
}
