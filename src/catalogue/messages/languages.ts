import type { KnownMessage } from './message.js';

const untrusted = [
  'tls.server-untrusted',
  'tls.server-chain-incomplete',
  'ca-file.not-the-issuer',
  'tls.intercepted',
] as const;
const closed = [
  'mqtt.closed-before-connack',
  'tls.client-certificate-refused',
  'mqtt.session-taken-over',
] as const;

/** What libraries of Java, Go, Rust, .NET and others say besides what `stacks.ts` has. */
export const languageMessages: readonly KnownMessage[] = [
  {
    program: 'Java',
    pattern: /CertificateNotYetValidException|NotBefore:/i,
    examples: ['java.security.cert.CertificateNotYetValidException: NotBefore: Sat Jan 01 00:00:00 UTC 2028'],
    explanation: 'A certificate of the server’s chain is not valid yet by this machine’s clock.',
    means: ['clock.wrong', 'tls.server-not-yet-valid'],
  },
  {
    program: 'Java',
    pattern: /No appropriate protocol|no cipher suites in common/i,
    examples: [
      'javax.net.ssl.SSLHandshakeException: No appropriate protocol (protocol is disabled or cipher suites are inappropriate)',
      'javax.net.ssl.SSLHandshakeException: no cipher suites in common',
    ],
    explanation: 'The two sides have no version of TLS or no cipher in common that both allow.',
    means: ['tls.version-mismatch', 'tls.no-common-cipher'],
  },
  {
    program: 'Java',
    pattern: /keystore password was incorrect|UnrecoverableKeyException/i,
    examples: [
      'java.io.IOException: keystore password was incorrect',
      'java.security.UnrecoverableKeyException: Cannot recover key',
    ],
    explanation: 'The password of the key store, or of the key in it, is not the one that was given.',
    means: ['key.passphrase-wrong'],
    remedy: ['Write the store anew: sapcert combine --key K --cert C --p12 device.p12.'],
  },
  {
    program: 'Java',
    pattern: /trustAnchors parameter must be non-empty/i,
    examples: [
      'java.security.InvalidAlgorithmParameterException: the trustAnchors parameter must be non-empty',
    ],
    explanation:
      'The trust store is empty or was not found: Java says nothing of a path that does not exist.',
    means: ['ca-file.unusable', 'file.not-found'],
  },
  {
    program: 'Java',
    pattern: /algid parse error, not a sequence/i,
    examples: [
      'java.security.spec.InvalidKeySpecException: java.security.InvalidKeyException: IOException : algid parse error, not a sequence',
    ],
    explanation: 'Java reads private keys as PKCS#8 only ("BEGIN PRIVATE KEY"); this one is of another form.',
    means: [],
    own: {
      title: 'the private key is not PKCS#8',
      causes: ['The file begins with BEGIN RSA PRIVATE KEY or BEGIN EC PRIVATE KEY: a traditional key.'],
    },
    remedy: ['sapcert strip writes PKCS#8:', '$ sapcert strip device.pem --split'],
  },
  {
    program: 'Java',
    pattern: /Invalid keystore format|Could not parse certificate: java\.io\.IOException/i,
    examples: [
      'java.io.IOException: Invalid keystore format',
      'java.security.cert.CertificateException: Could not parse certificate: java.io.IOException: Empty input',
    ],
    explanation:
      'The file is not of the kind that the program was told: a PEM is no key store, and a certificate file may hold no key before it.',
    means: ['file.unrecognised', 'file.empty', 'file.no-certificate'],
    remedy: ['Give it certificate.crt of sapcert strip --split, or the PKCS#12 of sapcert combine --p12.'],
  },
  {
    program: 'Java',
    pattern: /java\.io\.EOFException/i,
    examples: ['Caused by: java.io.EOFException'],
    explanation: 'The connection ended and nobody said why.',
    means: closed,
  },
  {
    program: 'Go',
    pattern: /x509: certificate is not authorized to sign other certificates/i,
    examples: ['x509: certificate is not authorized to sign other certificates'],
    explanation: 'In the chain of the other side a certificate signed one that it may not sign.',
    means: untrusted,
  },
  {
    program: 'Go',
    pattern: /x509: certificate specifies an incompatible key usage/i,
    examples: ['x509: certificate specifies an incompatible key usage'],
    explanation:
      'The certificate is for another purpose: said by a client it is the server’s, said by a broker the device’s.',
    means: ['tls.server-wrong-purpose', 'tls.client-certificate-wrong-purpose'],
  },
  {
    program: 'Go',
    pattern: /x509: decryption password incorrect/i,
    examples: ['x509: decryption password incorrect'],
    explanation: 'The password does not open the private key.',
    means: ['key.passphrase-wrong'],
  },
  {
    program: 'Go',
    pattern:
      /tls: failed to find "CERTIFICATE" PEM block|tls: found a (?:certificate|private key) rather than/i,
    examples: [
      'tls: failed to find "CERTIFICATE" PEM block in certificate input',
      'tls: found a certificate rather than a key in the PEM for the private key',
    ],
    explanation: 'The file of the certificate and that of the key were mixed up, or one lacks its part.',
    means: ['file.no-certificate', 'file.no-private-key'],
    remedy: ['sapcert strip --split writes both: private.key and certificate.crt.'],
  },
  {
    program: 'Go (paho)',
    pattern: /network error\s*:\s*EOF\b/i,
    examples: ['network Error : EOF'],
    explanation: 'The connection ended and nobody said why.',
    means: closed,
  },
  {
    program: 'Rust (rustls)',
    pattern: /invalid peer certificate: ?(?:UnknownIssuer|BadSignature)|InvalidCertificate\(UnknownIssuer\)/i,
    examples: ['invalid peer certificate: UnknownIssuer', 'InvalidCertificate(UnknownIssuer)'],
    explanation: 'No authority that this program trusts vouches for the server certificate.',
    means: untrusted,
  },
  {
    program: 'Rust (rustls)',
    pattern:
      /invalid peer certificate: ?(?:certificate )?(?:Expired|NotValidYet)|InvalidCertificate\((?:Expired|NotValidYet)/i,
    examples: ['invalid peer certificate: Expired', 'InvalidCertificate(NotValidYet)'],
    explanation: 'The clock of this machine lies outside the validity of the server certificate.',
    means: ['tls.server-expired', 'clock.wrong', 'tls.server-not-yet-valid'],
  },
  {
    program: 'Rust (rustls)',
    pattern:
      /invalid peer certificate: ?(?:certificate )?Not ?Valid ?For ?Name|InvalidCertificate\(NotValidForName/i,
    examples: ['invalid peer certificate: NotValidForName'],
    explanation: 'The server certificate is for other names than the one that was connected to.',
    means: ['tls.server-wrong-host'],
  },
  {
    program: 'Schannel (.NET, Windows)',
    pattern: /SEC_E_UNTRUSTED_ROOT|\b0x80090325\b/i,
    examples: ['schannel: SEC_E_UNTRUSTED_ROOT (0x80090325)'],
    explanation: 'No authority that Windows trusts vouches for the server certificate.',
    means: untrusted,
  },
  {
    program: 'Schannel (.NET, Windows)',
    pattern: /SEC_E_WRONG_PRINCIPAL|\b0x80090322\b/i,
    examples: ['schannel: SEC_E_WRONG_PRINCIPAL (0x80090322)'],
    explanation: 'The server certificate is for other names than the one that was connected to.',
    means: ['tls.server-wrong-host'],
  },
  {
    program: 'Schannel (.NET, Windows)',
    pattern: /SEC_E_CERT_EXPIRED|\b0x80090328\b/i,
    examples: ['schannel: SEC_E_CERT_EXPIRED (0x80090328)'],
    explanation: 'The clock of this machine lies outside the validity of a certificate.',
    means: ['tls.server-expired', 'clock.wrong', 'tls.client-certificate-expired'],
  },
  {
    program: 'Python',
    pattern: /NO_CERTIFICATE_OR_CRL_FOUND|no certificate or crl found/i,
    examples: ['ssl.SSLError: [X509: NO_CERTIFICATE_OR_CRL_FOUND] no certificate or crl found (_ssl.c:4149)'],
    explanation: 'The CA file that was given holds no certificate.',
    means: ['ca-file.unusable'],
  },
  {
    program: 'curl',
    pattern: /unable to set private key file|could not load (?:PEM )?client certificate/i,
    examples: ["curl: (58) unable to set private key file: 'device.key' type PEM"],
    explanation: 'The client could not load its key or its certificate.',
    means: ['key.passphrase-missing', 'key.passphrase-wrong', 'key.certificate-mismatch', 'file.not-found'],
  },
  {
    program: 'the system',
    pattern: /\bEADDRINUSE\b|address already in use/i,
    examples: ['Error: listen EADDRINUSE: address already in use 127.0.0.1:8883'],
    explanation: 'A program wants to listen on a port that another one has.',
    means: [],
    own: {
      title: 'the port is taken',
      causes: ['The same program runs already.', 'Another broker of this machine listens there.'],
    },
    remedy: ['Take another port: sapcert sandbox --port 0 takes any that is free.'],
  },
];
