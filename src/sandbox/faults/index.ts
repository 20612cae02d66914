import { SapcertError } from '../../errors.js';
import { usualBehaviour, type Behaviour } from '../behaviour.js';
import { deviceFaults } from './device.js';
import { mqttFaults } from './mqtt.js';
import { portFaults } from './port.js';
import { serverFaults } from './server.js';
import type { Fault } from './types.js';

const table = { ...portFaults, ...serverFaults, ...deviceFaults, ...mqttFaults };

export type FaultName = keyof typeof table;

export interface FaultRow extends Omit<Fault, 'changes'> {
  readonly name: FaultName;
}

const faults: ReadonlyMap<string, Fault> = new Map(Object.entries(table));

/** Every fault that `startSandbox({fault})` takes, in the order in which a connection meets them. */
export function listFaults(): FaultRow[] {
  return [...faults.keys()].filter(isFaultName).map((name) => {
    const { shows, how, diagnosis } = table[name];
    return { name, shows, how, diagnosis };
  });
}

export function isFaultName(name: string): name is FaultName {
  return faults.has(name);
}

/**
 * How the gateway behaves with a fault, or without one.
 *
 * @throws SapcertError `usage.invalid` for a fault that is not in the table
 */
export function behaviourWith(fault: string | undefined): Behaviour {
  if (fault === undefined) return usualBehaviour;
  const row = faults.get(fault);
  if (row === undefined) {
    throw new SapcertError('usage.invalid', `there is no fault of the name ${fault}`, {
      hint: 'see: sapcert sandbox --fault list',
    });
  }
  return { ...usualBehaviour, ...row.changes };
}
