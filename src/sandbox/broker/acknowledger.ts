import type { Behaviour } from '../behaviour.js';
import { acknowledge, type GatewayAcknowledgement } from './measures.js';
import type { DeviceModel } from './model.js';

export interface AcknowledgerOptions {
  readonly behaviour: Behaviour;
  readonly model: DeviceModel | undefined;
  /** How long a late acknowledgement takes, milliseconds. */
  readonly paceMs: number;
  readonly send: (deviceId: string, acknowledgements: readonly GatewayAcknowledgement[]) => void;
}

/** Judges what devices send, and answers when and as the behaviour wants it. */
export interface Acknowledger {
  /** Returns the judgement, whether it is sent or not. */
  readonly take: (deviceId: string, payload: Uint8Array) => GatewayAcknowledgement[];
  /** Forgets what was to be sent later. */
  readonly stop: () => void;
}

export function startAcknowledger({ behaviour, model, paceMs, send }: AcknowledgerOptions): Acknowledger {
  const timers = new Set<NodeJS.Timeout>();
  const later = (action: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, paceMs);
    timers.add(timer);
  };
  return {
    take: (deviceId, payload) => {
      const due = acknowledge(payload, model);
      const given = behaviour.acknowledgement === 'refused' ? due.map(refused) : due;
      if (behaviour.acknowledgement === 'late') later(() => send(deviceId, given));
      else if (behaviour.acknowledgement !== 'none') send(deviceId, given);
      return given;
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function refused({ id }: GatewayAcknowledgement): GatewayAcknowledgement {
  return { ...(id === undefined ? {} : { id }), code: 400, messages: ['this gateway refuses every measure'] };
}
