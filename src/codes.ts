/**
 * Every code that sapcert gives to a finding, an error or a diagnosis. They are public and stable: scripts
 * compare them. The words that go with them stand in one table, `catalogue/`.
 */

/** What is wrong with an input as a file or a text (RFC 7468, X.690, RFC 7292). */
export type FileCode =
  | 'file.not-found'
  | 'file.unreadable'
  | 'file.empty'
  | 'file.too-large'
  | 'file.unrecognised'
  | 'file.malformed'
  | 'file.truncated'
  | 'file.no-private-key'
  | 'file.no-certificate'
  | 'file.several-keys'
  | 'file.not-a-certificate';

/** What is wrong with a private key, or with the secret that should open it. */
export type KeyCode =
  | 'key.passphrase-missing'
  | 'key.passphrase-wrong'
  | 'key.unsupported-encryption'
  | 'key.unsupported-type'
  | 'key.kdf-too-costly'
  | 'key.damaged'
  | 'key.certificate-mismatch'
  | 'key.not-private';

/** What is wrong with the device's own certificate. */
export type CertificateCode =
  | 'certificate.expired'
  | 'certificate.not-yet-valid'
  | 'certificate.expires-soon'
  | 'certificate.wrong-purpose'
  | 'certificate.weak-signature'
  | 'certificate.weak-key'
  | 'certificate.device-id-mismatch';

/** What is wrong with the certificates between the device's own and its root. */
export type ChainCode =
  | 'chain.incomplete'
  | 'chain.wrong-order'
  | 'chain.intermediate-expired'
  | 'chain.self-signed';

export type DnsCode = 'dns.not-found' | 'dns.failed';

export type TcpCode =
  | 'tcp.refused'
  | 'tcp.timeout'
  | 'tcp.unreachable'
  | 'tcp.reset'
  | 'tcp.closed'
  | 'tcp.wrong-address-family';

export type TlsCode =
  | 'tls.plain-mqtt-port'
  | 'tls.http-port'
  | 'tls.wss-port'
  | 'tls.not-tls'
  | 'tls.silent'
  | 'tls.partial-then-silent'
  | 'tls.handshake-failed'
  | 'tls.version-mismatch'
  | 'tls.no-common-cipher'
  | 'tls.sni-rejected'
  | 'tls.wrong-virtual-host'
  | 'tls.alpn-required'
  | 'tls.intercepted'
  | 'tls.server-untrusted'
  | 'tls.server-chain-incomplete'
  | 'tls.server-expired'
  | 'tls.server-not-yet-valid'
  | 'tls.server-wrong-host'
  | 'tls.server-wrong-purpose'
  | 'tls.server-self-signed'
  | 'tls.server-weak-key'
  | 'clock.wrong'
  | 'ca-file.unusable'
  | 'ca-file.not-the-issuer'
  | 'tls.client-certificate-missing'
  | 'tls.client-certificate-not-requested'
  | 'tls.client-certificate-issuer-not-accepted'
  | 'tls.client-certificate-chain-incomplete'
  | 'tls.client-certificate-expired'
  | 'tls.client-certificate-not-yet-valid'
  | 'tls.client-certificate-wrong-purpose'
  | 'tls.client-certificate-weak'
  | 'tls.client-certificate-revoked'
  | 'tls.client-certificate-unusable-key-type'
  | 'tls.client-certificate-refused';

export type MqttCode =
  | 'mqtt.protocol-version-refused'
  | 'mqtt.client-id-refused'
  | 'mqtt.server-unavailable'
  | 'mqtt.bad-credentials'
  | 'mqtt.not-authorized'
  | 'mqtt.refused'
  | 'mqtt.closed-before-connack'
  | 'mqtt.closed-after-connack'
  | 'mqtt.no-connack'
  | 'mqtt.malformed-reply'
  | 'mqtt.session-taken-over'
  | 'mqtt.subscribe-refused'
  | 'mqtt.publish-refused'
  | 'mqtt.packet-too-large'
  | 'mqtt.qos-refused'
  | 'mqtt.no-puback'
  | 'mqtt.keepalive-lost';

export type AckCode = 'ack.none' | 'ack.refused';

/** What can be diagnosed about a device that does not connect. */
export type DiagnosisCode =
  | FileCode
  | KeyCode
  | CertificateCode
  | ChainCode
  | DnsCode
  | TcpCode
  | TlsCode
  | MqttCode
  | AckCode;

/** What can go wrong on this machine, whatever the input and the network are like. */
export type OperationCode =
  | 'usage.invalid'
  | 'output.exists'
  | 'output.not-writable'
  | 'output.collision'
  | 'output.failed'
  | 'queue.full'
  | 'interrupted'
  | 'internal';

export type ErrorCode = DiagnosisCode | OperationCode;
