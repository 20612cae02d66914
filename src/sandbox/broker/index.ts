export { startBroker, type Broker, type GatewayCommand } from './broker.js';
export type { GatewayAcknowledgement } from './measures.js';
export { parseModel, type DeviceModel, type PropertyType } from './model.js';
