export { startBroker, type Broker, type DeviceCommand } from './broker.js';
export type { Acknowledgement } from './measures.js';
export { parseModel, type DeviceModel, type PropertyType } from './model.js';
