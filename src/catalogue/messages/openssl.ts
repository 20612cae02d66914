import type { KnownMessage } from './message.js';

/** OpenSSL, and whoever passes its words on: mosquitto, Python, Node, curl, paho C. */
export const opensslMessages: readonly KnownMessage[] = [
  {
    program: 'OpenSSL',
    pattern:
      /no alternative certificate subject name matches|hostname mismatch|IP address mismatch|does not match certificate's altnames|ERR_TLS_CERT_ALTNAME_INVALID/i,
    examples: [
      "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: Hostname mismatch, certificate is not valid for 'localhost'. (_ssl.c:1129)",
      "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames: DNS:gateway.example",
      'verify error:num=62:hostname mismatch',
    ],
    explanation:
      'The server certificate is valid, but for other names than the one that the client connected to.',
    means: ['tls.server-wrong-host', 'tls.intercepted'],
  },
  {
    program: 'OpenSSL',
    pattern: /certificate has expired|CERT_HAS_EXPIRED/i,
    examples: [
      '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1129)',
      'Error: certificate has expired { code: CERT_HAS_EXPIRED }',
      'verify error:num=10:certificate has expired',
    ],
    explanation:
      'A certificate that was checked is past its end. A client prints this about the server, a server about the client.',
    means: ['tls.server-expired', 'clock.wrong', 'tls.client-certificate-expired'],
  },
  {
    program: 'OpenSSL',
    pattern: /certificate is not yet valid|CERT_NOT_YET_VALID/i,
    examples: [
      'verify error:num=9:certificate is not yet valid',
      'certificate verify failed: certificate is not yet valid (_ssl.c:1007)',
    ],
    explanation: 'The beginning of a certificate is in the future of the clock that it was checked with.',
    means: ['clock.wrong', 'tls.server-not-yet-valid', 'tls.client-certificate-not-yet-valid'],
  },
  {
    program: 'OpenSSL',
    pattern: /self[- ]signed certificate in (?:the )?certificate chain|SELF_SIGNED_CERT_IN_CHAIN/i,
    examples: [
      'verify error:num=19:self-signed certificate in certificate chain',
      'Error: self signed certificate in certificate chain { code: SELF_SIGNED_CERT_IN_CHAIN }',
    ],
    explanation: 'The chain is complete and ends at a root that the client does not trust.',
    means: ['tls.server-untrusted', 'ca-file.not-the-issuer', 'tls.intercepted'],
  },
  {
    program: 'OpenSSL',
    pattern: /self[- ]signed certificate|DEPTH_ZERO_SELF_SIGNED_CERT/i,
    examples: [
      'verify error:num=18:self-signed certificate',
      'Error: self-signed certificate { code: DEPTH_ZERO_SELF_SIGNED_CERT }',
      'certificate verify failed: self signed certificate (_ssl.c:1129)',
    ],
    explanation: 'The certificate itself is self-signed: no authority vouches for it.',
    means: ['tls.server-self-signed', 'tls.intercepted'],
  },
  {
    program: 'OpenSSL',
    pattern:
      /unable to get (?:local )?issuer certificate|UNABLE_TO_GET_ISSUER_CERT|unable to verify the first certificate|UNABLE_TO_VERIFY_LEAF_SIGNATURE/i,
    examples: [
      'verify error:num=20:unable to get local issuer certificate',
      'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get issuer certificate (_ssl.c:1123)',
      'Error: unable to verify the first certificate { code: UNABLE_TO_VERIFY_LEAF_SIGNATURE }',
    ],
    explanation:
      'The issuer of a certificate was neither sent nor among the trusted ones, so the chain leads nowhere.',
    means: [
      'tls.server-untrusted',
      'ca-file.not-the-issuer',
      'tls.server-chain-incomplete',
      'tls.intercepted',
    ],
  },
  {
    program: 'OpenSSL',
    pattern: /peer did not return a certificate/i,
    examples: [
      'OpenSSL Error: error:1417C0C7: SSL routines: tls_process_client_certificate:peer did not return a certificate',
      'OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate',
    ],
    explanation: 'A server prints this: it requires a client certificate and the client sent none.',
    means: ['tls.client-certificate-missing', 'tls.client-certificate-unusable-key-type'],
  },
  {
    program: 'OpenSSL',
    pattern: /ca md too weak|ee key too small|ca key too small|dh key too small|key too small/i,
    examples: [
      'Error: error:0A00018E:SSL routines::ca md too weak',
      'error:0A00018F:SSL routines::ee key too small',
      '[SSL: EE_KEY_TOO_SMALL] ee key too small (_ssl.c:4046)',
    ],
    explanation:
      'The security level of this OpenSSL forbids the key or the signature of a certificate, often one that it was told to load.',
    means: ['tls.client-certificate-weak', 'tls.server-weak-key'],
  },
  {
    program: 'OpenSSL',
    pattern:
      /wrong version number|unknown protocol|packet length too long|http request|WRONG_VERSION_NUMBER/i,
    examples: [
      'error:1408F10B:SSL routines:ssl3_get_record:wrong version number',
      'Error: write EPROTO 40E7A:error:0A00010B:SSL routines:ssl3_get_record:wrong version number',
      'OpenSSL Error: error:140760FC:SSL routines:SSL23_GET_CLIENT_HELLO:unknown protocol',
    ],
    explanation:
      'What came is not TLS: the client speaks TLS to a port that does not, or the other way about.',
    means: ['tls.plain-mqtt-port', 'tls.http-port', 'tls.not-tls'],
  },
  {
    program: 'OpenSSL',
    pattern: /unsupported protocol|no protocols available|UNSUPPORTED_PROTOCOL|legacy sigalg disallowed/i,
    examples: [
      'error:0A000102:SSL routines::unsupported protocol',
      '[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol (_ssl.c:1007)',
      'ssl.SSLError: [SSL] legacy sigalg disallowed or unsupported (_ssl.c:992)',
    ],
    explanation: 'The two sides have no version of TLS in common.',
    means: ['tls.version-mismatch'],
  },
  {
    program: 'OpenSSL',
    pattern: /no shared cipher|no cipher match|NO_SHARED_CIPHER/i,
    examples: [
      'error:0A0000C1:SSL routines::no shared cipher',
      '[SSL: NO_SHARED_CIPHER] no shared cipher (_ssl.c:1131)',
    ],
    explanation: 'The two sides have no cipher suite in common, or no certificate that goes with one.',
    means: ['tls.no-common-cipher', 'tls.client-certificate-unusable-key-type'],
  },
  {
    program: 'OpenSSL',
    pattern: /key values mismatch|KEY_VALUES_MISMATCH/i,
    examples: [
      'error:0B080074:x509 certificate routines:X509_check_private_key:key values mismatch',
      '[X509: KEY_VALUES_MISMATCH] key values mismatch (_ssl.c:3895)',
    ],
    explanation: 'The private key does not belong to the certificate that was loaded first from the file.',
    means: ['key.certificate-mismatch'],
    remedy: [
      'In a file with a chain the device’s own certificate must stand first; sapcert strip puts it there.',
    ],
  },
  {
    program: 'OpenSSL',
    pattern:
      /bad[ _]decrypt|maybe wrong password|mac verify (?:failure|error)|invalid password|interrupted or cancelled|bad password read|problems getting password/i,
    examples: [
      'error:06065064:digital envelope routines:EVP_DecryptFinal_ex:bad decrypt',
      'Error: error:1C800064:Provider routines::bad decrypt',
      'Mac verify error: invalid password?',
      'error:07880109:common libcrypto routines::interrupted or cancelled',
    ],
    explanation: 'The private key is encrypted, and the secret is missing or wrong.',
    means: ['key.passphrase-wrong', 'key.passphrase-missing', 'key.damaged'],
  },
  {
    program: 'OpenSSL',
    pattern:
      /no[ _]start[ _]line|Expecting: (?:ANY PRIVATE KEY|TRUSTED CERTIFICATE|CERTIFICATE)|PEM_read_bio|Could not (?:read|find|open) (?:private |public )?(?:key|certificate)|unable to load (?:private key|certificate)/i,
    examples: [
      'error:0909006C:PEM routines:get_name:no start line',
      'Could not read private key from device.pem',
      'Could not read key from device.pem',
      'unable to load certificate',
      '140735:error:0909006C:PEM routines:get_name:no start line:Expecting: TRUSTED CERTIFICATE',
    ],
    explanation: 'The file is not PEM, is damaged, or does not hold what was looked for.',
    means: ['file.unrecognised', 'file.no-private-key', 'file.no-certificate', 'file.malformed'],
    remedy: ['$ sapcert inspect device.pem'],
  },
  {
    program: 'OpenSSL',
    pattern:
      /(?:digital envelope routines|DECODER routines)\b.*\bunsupported\b|ERR_OSSL_(?:EVP_)?UNSUPPORTED|error:(?:0308010C|1E08010C)|unknown pbe algorithm/i,
    examples: [
      'error:0308010C:digital envelope routines::unsupported',
      'Error: error:1E08010C:DECODER routines::unsupported { code: ERR_OSSL_UNSUPPORTED }',
      'error:0308010C:digital envelope routines:inner_evp_generic_fetch:unsupported:../crypto/evp/evp_fetch.c:373:Global default library context, Algorithm (RC2-40-CBC : 0)',
      'opensslErrorStack: error:0609E09C:digital envelope routines:pkey_set_type:unsupported algorithm',
    ],
    explanation:
      'This OpenSSL does not know the encryption of the key, which version 3 calls legacy, or what it was given is no private key at all.',
    means: ['key.unsupported-encryption', 'file.unrecognised', 'file.no-private-key', 'key.unsupported-type'],
    remedy: ['Let sapcert open it; it knows the old encryptions as well:', '$ sapcert strip device.pem'],
  },
  {
    program: 'OpenSSL',
    pattern: /\bPEM[ _]lib\b/i,
    examples: ['ssl.SSLError: [SSL] PEM lib (_ssl.c:4067)', 'ssl.SSLError: [SSL: PEM_LIB] PEM lib'],
    explanation:
      'Python could not load the file of certificate and key: one of the two is missing in it, or it is no PEM.',
    means: ['file.no-private-key', 'file.no-certificate', 'file.unrecognised', 'key.passphrase-wrong'],
    remedy: ['tls_set(certfile=…) alone needs the key in the same file, as sapcert strip writes it.'],
  },
  {
    program: 'OpenSSL',
    pattern: /No client certificate CA names sent/i,
    examples: ['No client certificate CA names sent'],
    explanation:
      'openssl s_client prints this: the server asked for no client certificate, or named no authorities when it did.',
    means: ['tls.client-certificate-not-requested', 'tls.intercepted'],
  },
  {
    program: 'OpenSSL',
    pattern: /unsupported(?: certificate)? purpose|invalid purpose|INVALID_PURPOSE/i,
    examples: [
      'verify error:num=26:unsupported certificate purpose',
      'Error: unsuitable certificate purpose: unsupported certificate purpose { code: INVALID_PURPOSE }',
    ],
    explanation: 'The extended key usage of a certificate does not allow the use that is made of it.',
    means: ['tls.client-certificate-wrong-purpose', 'tls.server-wrong-purpose'],
  },
  {
    program: 'OpenSSL',
    pattern: /certificate revoked|CERT_REVOKED/i,
    examples: [
      'verify error:num=23:certificate revoked',
      'error:0A000086:SSL routines::certificate verify failed: certificate revoked',
    ],
    explanation: 'The issuing authority has taken the certificate back.',
    means: ['tls.client-certificate-revoked'],
  },
  {
    program: 'OpenSSL',
    pattern:
      /unexpected eof while reading|UNEXPECTED_EOF_WHILE_READING|EOF occurred in violation of protocol|TLS\/SSL connection has been closed \(EOF\)|SSL_ERROR_SYSCALL/i,
    examples: [
      'error:0A000126:SSL routines::unexpected eof while reading',
      'ssl.SSLEOFError: EOF occurred in violation of protocol (_ssl.c:1129)',
      'ssl.SSLZeroReturnError: TLS/SSL connection has been closed (EOF) (_ssl.c:992)',
      'curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to localhost:8883',
    ],
    explanation: 'The other side closed the connection without a word of TLS, in the middle of it.',
    means: [
      'tls.client-certificate-refused',
      'tls.handshake-failed',
      'tls.plain-mqtt-port',
      'tcp.closed',
      'mqtt.closed-before-connack',
    ],
  },
  {
    program: 'OpenSSL',
    pattern: /certificate[_ ]verify[_ ]failed/i,
    examples: [
      '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:590)',
      'OpenSSL Error: error:14000086:SSL routines::certificate verify failed',
      'error:1416F086:SSL routines:tls_process_server_certificate:certificate verify failed:ssl/statem/statem_clnt.c:1914:',
    ],
    explanation: 'The certificate of the other side did not pass; the program does not say why.',
    means: [
      'tls.server-untrusted',
      'ca-file.not-the-issuer',
      'tls.server-chain-incomplete',
      'tls.server-expired',
      'tls.server-wrong-host',
      'tls.server-self-signed',
    ],
  },
  {
    program: 'Node',
    pattern: /\bEPROTO\b/,
    examples: ['Error: write EPROTO', 'npm ERR! code EPROTO'],
    explanation: 'TLS failed. The words of OpenSSL that follow in the same line say more: explain those.',
    means: [
      'tls.plain-mqtt-port',
      'tls.version-mismatch',
      'tls.client-certificate-refused',
      'tls.handshake-failed',
    ],
  },
];
