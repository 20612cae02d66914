import type { KnownMessage } from './message.js';

/** TLS stacks that do not use OpenSSL's words: Java, Go, GnuTLS, Schannel. */
export const stackMessages: readonly KnownMessage[] = [
  {
    program: 'Java',
    pattern:
      /PKIX path (?:building|validation) failed(?!.*(?:expired|validity))|unable to find valid certification path|Trust anchor for certification path not found/i,
    examples: [
      'javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
      'MqttException (0) - javax.net.ssl.SSLHandshakeException: java.security.cert.CertPathValidatorException: Trust anchor for certification path not found.',
    ],
    explanation: 'No authority in the trust store vouches for the server certificate.',
    means: ['tls.server-untrusted', 'tls.server-chain-incomplete', 'tls.intercepted'],
    remedy: [
      'Import the authority: keytool -importcert -trustcacerts -file ca.crt -keystore truststore.p12.',
    ],
  },
  {
    program: 'Java',
    pattern: /CertificateExpiredException|NotAfter:|validity check failed/i,
    examples: [
      'java.security.cert.CertificateExpiredException: NotAfter: Sat Jan 01 00:00:00 UTC 2022',
      'PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed',
    ],
    explanation: 'A certificate of the server’s chain is past its end by this machine’s clock.',
    means: ['tls.server-expired', 'clock.wrong'],
  },
  {
    program: 'Java',
    pattern:
      /No subject alternative (?:DNS )?names?|No subjectAltNames on the certificate match|No name matching \S+ found|Hostname .* not verified/i,
    examples: [
      'java.security.cert.CertificateException: No subject alternative DNS name matching localhost found.',
      'javax.net.ssl.SSLHandshakeException: No subjectAltNames on the certificate match',
      'java.security.cert.CertificateException: No name matching localhost found',
    ],
    explanation: 'The server certificate is for other names than the one that was connected to.',
    means: ['tls.server-wrong-host'],
  },
  {
    program: 'Java',
    pattern: /Unsupported or unrecognized SSL message|Unrecognized SSL message, plaintext connection/i,
    examples: [
      'javax.net.ssl.SSLException: Unsupported or unrecognized SSL message',
      'javax.net.ssl.SSLException: Unrecognized SSL message, plaintext connection?',
    ],
    explanation: 'The port does not speak TLS.',
    means: ['tls.plain-mqtt-port', 'tls.http-port', 'tls.not-tls'],
  },
  {
    program: 'Java',
    pattern:
      /Remote host (?:terminated|closed connection during) (?:the )?handshake|SSL peer shut down incorrectly/i,
    examples: [
      'javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake',
      'javax.net.ssl.SSLHandshakeException: Remote host closed connection during handshake',
    ],
    explanation: 'The server closed the connection in the middle of the handshake, without an alert.',
    means: ['tls.client-certificate-refused', 'tls.handshake-failed', 'tls.sni-rejected'],
  },
  {
    program: 'Go',
    pattern: /x509: certificate signed by unknown authority/i,
    examples: [
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      'ERRO[0000] Network Error : x509: certificate signed by unknown authority',
    ],
    explanation: 'No authority that this program trusts vouches for the certificate of the other side.',
    means: [
      'tls.server-untrusted',
      'ca-file.not-the-issuer',
      'tls.server-chain-incomplete',
      'tls.intercepted',
    ],
  },
  {
    program: 'Go',
    pattern: /x509: certificate has expired or is not yet valid/i,
    examples: [
      'x509: certificate has expired or is not yet valid: current time 2024-05-01T00:00:00Z is after 2023-05-01T00:00:00Z',
    ],
    explanation: 'The clock of this machine lies outside the validity of the certificate.',
    means: ['tls.server-expired', 'clock.wrong', 'tls.server-not-yet-valid'],
  },
  {
    program: 'Go',
    pattern:
      /x509: (?:certificate is valid for .*, not|cannot validate certificate for|certificate is not valid for any names|certificate relies on legacy Common Name)/i,
    examples: [
      'x509: certificate is valid for gateway.example, not localhost',
      "x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
      'x509: certificate relies on legacy Common Name field, use SANs instead',
    ],
    explanation: 'The server certificate is for other names than the one that was connected to.',
    means: ['tls.server-wrong-host'],
  },
  {
    program: 'Go',
    pattern: /first record does not look like a TLS handshake/i,
    examples: ['tls: first record does not look like a TLS handshake'],
    explanation: 'The port does not speak TLS.',
    means: ['tls.plain-mqtt-port', 'tls.http-port', 'tls.not-tls'],
  },
  {
    program: 'Go',
    pattern:
      /tls: failed to find any PEM data|tls: private key does not match public key|tls: failed to parse private key/i,
    examples: [
      'tls: failed to find any PEM data in key input',
      'tls: private key does not match public key',
      'tls: failed to parse private key',
    ],
    explanation: 'Go could not load key and certificate. It reads no encrypted key and no byte order mark.',
    means: ['key.passphrase-missing', 'key.certificate-mismatch', 'file.unrecognised'],
    remedy: ['Give it the files of sapcert strip --split: private.key and certificate.crt.'],
  },
  {
    program: 'GnuTLS',
    pattern: /The certificate is NOT trusted|issuer is unknown|certificate issuer is unknown/i,
    examples: [
      '*** PKI verification of server certificate failed... Status: The certificate is NOT trusted. The certificate issuer is unknown.',
    ],
    explanation: 'No trusted authority vouches for the certificate of the other side.',
    means: ['tls.server-untrusted', 'tls.server-chain-incomplete', 'ca-file.not-the-issuer'],
  },
  {
    program: 'Schannel (.NET, Windows)',
    pattern:
      /RemoteCertificateNameMismatch|remote certificate (?:is|was) (?:invalid|rejected)|RemoteCertificateChainErrors|PartialChain|UntrustedRoot/i,
    examples: [
      'The remote certificate is invalid according to the validation procedure: RemoteCertificateChainErrors',
      'The remote certificate was rejected by the provided RemoteCertificateValidationCallback.',
    ],
    explanation: 'The server certificate did not pass, because of its chain or its name.',
    means: ['tls.server-untrusted', 'tls.server-wrong-host', 'tls.server-chain-incomplete'],
  },
];
