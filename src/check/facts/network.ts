export type AddressFamily = 4 | 6;

export interface DnsFacts {
  readonly name: string;
  /** The target was given as an address: nothing had to be looked up. */
  readonly literal: boolean;
  readonly addresses: readonly { readonly address: string; readonly family: AddressFamily }[];
  readonly error?: { readonly code: string; readonly message: string };
  readonly timedOut: boolean;
}

export type TcpOutcome = 'connected' | 'refused' | 'timeout' | 'unreachable' | 'reset' | 'failed';

export interface TcpAttempt {
  readonly address: string;
  readonly family: AddressFamily;
  readonly outcome: TcpOutcome;
  /** The system's error code, for example `ECONNREFUSED`. */
  readonly code?: string;
  readonly ms: number;
}

export interface TcpFacts {
  readonly port: number;
  /** In the order of the look-up. */
  readonly attempts: readonly TcpAttempt[];
  /** The address that the later stages use. */
  readonly used?: { readonly address: string; readonly family: AddressFamily };
  /** Whether this machine has an address of each family beyond loopback. */
  readonly local: { readonly ipv4: boolean; readonly ipv6: boolean };
}
