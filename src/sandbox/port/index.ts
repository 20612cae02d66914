export { listen, type Listener, type LoopbackHost } from './listener.js';
export { tlsOptions } from './tls-options.js';
