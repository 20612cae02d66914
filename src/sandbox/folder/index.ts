export type { Authorities } from './authorities.js';
export type { DeviceKey, SandboxDevice } from './devices.js';
export { modelName, openFolder, type SandboxFolder } from './folder.js';
