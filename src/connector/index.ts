/** A device's connection: measures out, acknowledgements and commands in. */
export { connectDevice } from './connect-device.js';
export {
  DeviceConnection,
  type PublishOptions,
  type SendAllOptions,
  type SendOptions,
} from './device-connection.js';
export type { Sendable } from './encode.js';
export { type NdjsonLine, type NdjsonOptions, ndjsonBatches, ndjsonLines } from './ndjson.js';
export type { SendSource } from './send-all.js';
export { defaultRoots } from './trust.js';
export type {
  Acknowledgement,
  ConnectDeviceOptions,
  ConnectedInfo,
  ConnectionEvents,
  ConnectionState,
  DeviceCommand,
  Measure,
  Qos,
  ReconnectingInfo,
  ReconnectOptions,
  SendResult,
  SendSummary,
} from './types.js';
