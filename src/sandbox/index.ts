// A local gateway that behaves as SAP's does. Importing this folder loads aedes, mqtt-packet and
// @peculiar/x509: import it dynamically.
export type { DeviceModel, GatewayAcknowledgement, GatewayCommand, PropertyType } from './broker/index.js';
export type { SandboxEvent } from './events.js';
export { isFaultName, listFaults, type FaultName, type FaultRow } from './faults/index.js';
export type { DeviceKey, SandboxDevice } from './folder/index.js';
export type { LoopbackHost } from './port/index.js';
export { startSandbox, type Sandbox, type SandboxOptions } from './sandbox.js';
