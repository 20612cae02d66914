export { listen, type Listener, type LoopbackHost } from './listener.js';
export { tlsOptions, type TlsVersion } from './tls-options.js';
