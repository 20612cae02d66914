/** How a connection ended, as far as it was seen. */
export interface ConnectionEnd {
  readonly by: 'server' | 'client';
  readonly how: 'fin' | 'rst' | 'error' | 'close';
  /** Milliseconds since the connection was begun. */
  readonly at: number;
}

export interface AlertFacts {
  readonly from: 'server' | 'client';
  readonly level?: 'warning' | 'fatal';
  /** Absent: it was encrypted and could not be read. */
  readonly number?: number;
  readonly name?: string;
  readonly at: number;
}
