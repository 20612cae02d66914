import type { Side } from '../recording.js';
import { MessageReader } from './messages.js';
import { plain, type Locked, type Protection } from './protection.js';
import { RecordReader } from './records.js';

/** All that is known of one direction of a connection. */
export class Flow {
  readonly records = new RecordReader();
  readonly messages = new MessageReader();
  protection: Protection | Locked = plain;
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
