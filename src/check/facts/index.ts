/**
 * What the probes saw, stage by stage. All of it is plain JSON: a saved report is diagnosed again from these
 * facts alone. Nothing here is secret; text that came from a peer is made printable before it gets here.
 */

export type { CertificateFacts } from './certificate.js';
export type { FileDefect, FileFacts, TrustFacts } from './file.js';
export type { AddressFamily, DnsFacts, TcpAttempt, TcpFacts, TcpOutcome } from './network.js';
export type { AlertFacts, ConnectionEnd } from './connection.js';
export type { ServerVerdict, TlsFacts, TlsReach } from './tls.js';
export type { AckFacts, ConnackFacts, MqttFacts, MqttReach, MqttStep, ReasonFacts } from './mqtt.js';
