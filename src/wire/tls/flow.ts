import type { Side } from '../recording.js';
import { MessageReader } from './messages.js';
import { plain, type Locked, type Protection } from './protection.js';
import { RecordReader } from './records.js';

/** TLS 1.3: which secret is in force, by the end of its key log label. */
export type Epoch = 'HANDSHAKE_TRAFFIC_SECRET' | 'TRAFFIC_SECRET_0';

/** All that is known of one direction of a connection. */
export class Flow {
  readonly records = new RecordReader();
  readonly messages = new MessageReader();
  protection: Protection | Locked = plain;
  epoch: Epoch | undefined;
  /** TLS 1.2: what its next ChangeCipherSpec puts into force. */
  pending: Protection | Locked | undefined;
  /** The bytes of a side that does not speak TLS. */
  readonly spoken: Uint8Array[] = [];
  spokenAt: number | undefined;
  /** Of the last byte that came. */
  lastAt = 0;
  sawApplicationData = false;

  constructor(readonly from: Side) {}
}
