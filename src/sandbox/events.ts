import type { GatewayAcknowledgement } from './broker/measures.js';

/** What happens at the gateway, as it happens. */
export type SandboxEvent =
  /** A CONNECT was answered with CONNACK 0. */
  | { readonly type: 'connected'; readonly deviceId: string }
  /** A device was refused, or its CONNECT was not answered as it should be; `returnCode` where a CONNACK said so. */
  | {
      readonly type: 'refused';
      readonly deviceId: string | undefined;
      readonly layer: 'tls' | 'mqtt';
      readonly returnCode: number | undefined;
      /** Lower case, no full stop. */
      readonly reason: string;
    }
  | { readonly type: 'disconnected'; readonly deviceId: string }
  | {
      readonly type: 'subscribed';
      readonly deviceId: string;
      readonly topic: string;
      readonly granted: boolean;
    }
  | {
      readonly type: 'publish-refused';
      readonly deviceId: string;
      readonly topic: string;
      readonly reason: string;
    }
  | {
      readonly type: 'measures';
      readonly deviceId: string;
      readonly acknowledgements: readonly GatewayAcknowledgement[];
    };

export type Report = (event: SandboxEvent) => void;
