import type { DiagnosisCode } from '../../codes.js';
import type { Behaviour } from '../behaviour.js';

/** One misbehaviour that a device may meet. */
export interface Fault {
  /** What a device sees. Lower case, no full stop. */
  readonly shows: string;
  /** What the gateway does. Lower case, no full stop. */
  readonly how: string;
  /** What `check` calls it; nothing where a patient device gets through. */
  readonly diagnosis: DiagnosisCode | undefined;
  readonly changes: Partial<Behaviour>;
}

export type FaultTable = Readonly<Record<string, Fault>>;
