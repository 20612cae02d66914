import type { CertificateCode, ChainCode, FileCode, KeyCode } from '../../codes.js';
import type { Entry } from '../entry.js';

const again =
  'Download the bundle again, or let SAP issue a new certificate: the API issues one each time it is asked.';

export const fileEntries: Readonly<Record<FileCode, Entry>> = {
  'file.not-found': {
    title: 'the file does not exist',
    explanation: 'There is no file by this name.',
    causes: ['A misspelt path, or another working folder.'],
    remedy: ['Check the path.'],
    source: 'POSIX open(2), ENOENT',
  },
  'file.unreadable': {
    title: 'the file cannot be read',
    explanation: 'The file exists, but this user may not read it, or it is no regular file.',
    causes: [
      'The file belongs to another user and is readable by its owner only.',
      'The path names a folder.',
    ],
    remedy: ['Run the command as the user that owns the file, or give this user the right to read it.'],
    source: 'POSIX open(2), EACCES, EISDIR',
  },
  'file.empty': {
    title: 'the file is empty',
    explanation: 'The file holds no bytes.',
    causes: ['A download that was broken off.', 'A command that wrote its output here and failed.'],
    remedy: [again],
    source: 'RFC 7468 section 2',
  },
  'file.too-large': {
    title: 'the file is far too large for a bundle',
    explanation: 'A device bundle has a few thousand bytes; this is another file.',
    causes: ['A wrong path.'],
    remedy: ['Give the file that SAP showed or sent for the device.'],
    source: 'sapcert reads 16 MiB at most',
  },
  'file.unrecognised': {
    title: 'the file is nothing that holds a device certificate',
    explanation: 'It is neither PEM, DER, PKCS#12 nor a JSON download with a bundle in it.',
    causes: ['A web page was saved instead of the download, for example a log-in page.', 'A wrong file.'],
    remedy: ['Give the file that SAP showed or sent for the device; a PEM file has -----BEGIN lines.'],
    source: 'RFC 7468 section 2; RFC 5280; RFC 7292',
  },
  'file.malformed': {
    title: 'the file is damaged',
    explanation: 'Something in it is not as its format asks for: base64, a boundary line, a length.',
    causes: ['An editor, a mail program or a copy by hand changed it.'],
    remedy: [again],
    source: 'RFC 7468 section 3; X.690',
  },
  'file.truncated': {
    title: 'the file is cut off',
    explanation: 'A block begins and does not end, or holds fewer bytes than it says.',
    causes: ['Not all of it was copied: the last lines are missing.'],
    remedy: ['Copy the file again, from the first -----BEGIN to the last -----END line.', again],
    source: 'RFC 7468 section 3; X.690 clause 8.1.3',
  },
  'file.no-private-key': {
    title: 'there is no private key in the file',
    explanation: 'A client certificate is of use only with its private key.',
    causes: ['Only the certificate was saved.', 'The key lies in a file of its own.'],
    remedy: ['Name the file with the key: --key FILE.', again],
    source: 'RFC 5958; RFC 8446 section 4.4.3',
  },
  'file.no-certificate': {
    title: 'there is no certificate in the file',
    explanation: 'The file holds a key, and no certificate that could be shown to a server.',
    causes: [
      'Only the key was saved.',
      'A certificate signing request stands in the place of the certificate.',
    ],
    remedy: ['Give the file with the certificate, and the key with --key FILE.', again],
    source: 'RFC 5280 section 4',
  },
  'file.several-keys': {
    title: 'the file holds the keys of several devices',
    explanation: 'It is not clear which device is meant.',
    causes: ['The bundles of several devices were put into one file.'],
    remedy: ['Put each device into a file of its own.'],
    source: 'RFC 7468 section 2',
  },
  'file.not-a-certificate': {
    title: 'what is labelled a certificate is none',
    explanation: 'The block cannot be read as an X.509 certificate.',
    causes: ['The bytes were damaged.', 'Something else was given the label CERTIFICATE.'],
    remedy: [again],
    source: 'RFC 5280 section 4.1',
  },
};

export const keyEntries: Readonly<Record<KeyCode, Entry>> = {
  'key.passphrase-missing': {
    title: 'the private key is encrypted, and no secret was given',
    explanation: 'The secret that SAP showed with the certificate opens the key.',
    causes: ['The secret was left out.'],
    remedy: [
      'Give the secret: --passin file:FILE, the variable SAPCERT_SECRET, or a file NAME.secret beside the bundle.',
    ],
    source: 'RFC 8018 section 6',
  },
  'key.passphrase-wrong': {
    title: 'the secret does not open the private key',
    explanation: 'The key is encrypted in a way that sapcert can read, and this secret is not the one.',
    causes: [
      'The secret belongs to another download: SAP makes a new one each time.',
      'A shell changed it: !, #, ?, $ and spaces need single quotes.',
      'A part of it is missing.',
    ],
    remedy: ['Put the secret into a file and give --passin file:FILE, so that no shell sees it.', again],
    source: 'RFC 8018 section 6',
  },
  'key.unsupported-encryption': {
    title: 'the private key is encrypted in a way that sapcert cannot read',
    explanation: 'The algorithm is named in the file, and no implementation of it is at hand.',
    causes: ['A national or a very old algorithm.'],
    remedy: ['Convert the key with the tool that wrote it, to PKCS#8 with AES.'],
    source: 'RFC 8018; RFC 7292 appendix C',
  },
  'key.unsupported-type': {
    title: 'the private key is of a kind that cannot be used here',
    explanation: 'Its algorithm or its parameters are not supported.',
    causes: ['A key on an unusual curve, or on one of its own making.', 'A key that cannot sign.'],
    remedy: ['Let a certificate with an RSA or P-256 key be issued.'],
    source: 'RFC 5958; RFC 5480',
  },
  'key.kdf-too-costly': {
    title: 'opening the private key would take unreasonably long',
    explanation: 'The file asks for so much work or memory to derive the key that it looks hostile.',
    causes: ['A hostile or broken file.', 'Parameters that were chosen without measure.'],
    remedy: ['If you trust the file, allow it: --allow-slow-kdf.'],
    source: 'RFC 8018 section 4.2; RFC 7914',
  },
  'key.damaged': {
    title: 'the private key is damaged',
    explanation: 'The secret fits or none is needed, but what stands in the key is no valid key.',
    causes: ['The file was damaged when it was copied.'],
    remedy: [again],
    source: 'RFC 5958; RFC 8017 appendix A.1.2',
  },
  'key.certificate-mismatch': {
    title: 'the private key does not belong to the certificate',
    explanation:
      'The public key in the certificate is not the one of the private key: no server would believe it.',
    causes: ['Key and certificate are of different downloads.', 'The files of two devices were mixed up.'],
    remedy: ['Take key and certificate from the same download.', again],
    source: 'RFC 8446 section 4.4.3',
  },
  'key.not-private': {
    title: 'the key in the file is a public one',
    explanation: "Only the private key proves that a certificate is one's own.",
    causes: ['The public key was saved instead of the private one.'],
    remedy: ['Give the file with the private key: --key FILE.'],
    source: 'RFC 5280 section 4.1.2.7; RFC 5958',
  },
};

const renew =
  'Let a new certificate be issued for the device; with SAP each GET of the device management API does.';

export const certificateEntries: Readonly<Record<CertificateCode, Entry>> = {
  'certificate.expired': {
    title: 'the device certificate has expired',
    explanation: 'Its end is in the past. A server that checks certificates refuses it.',
    causes: ['Device certificates of SAP are valid for one year.', 'The clock of this machine is wrong.'],
    remedy: [renew],
    source: 'RFC 5280 section 4.1.2.5',
  },
  'certificate.not-yet-valid': {
    title: 'the device certificate is not valid yet',
    explanation: 'Its beginning is in the future. A server that checks certificates refuses it.',
    causes: ['The clock of this machine, or of the authority, is wrong.'],
    remedy: ['Set the clock right, or wait.'],
    source: 'RFC 5280 section 4.1.2.5',
  },
  'certificate.expires-soon': {
    title: 'a certificate expires soon',
    explanation: 'It still works; soon it will not.',
    causes: ['Certificates have an end.'],
    remedy: [renew],
    source: 'RFC 5280 section 4.1.2.5',
  },
  'certificate.wrong-purpose': {
    title: 'the device certificate is not meant for TLS clients',
    explanation: 'Its (extended) key usage does not allow what a TLS client does with it.',
    causes: ['A server certificate was given to the device: its extended key usage has serverAuth only.'],
    remedy: ['Let a certificate be issued with the extended key usage clientAuth.'],
    source: 'RFC 5280 sections 4.2.1.3 and 4.2.1.12',
  },
  'certificate.weak-signature': {
    title: 'the device certificate is signed with a weak algorithm',
    explanation: 'MD5 and SHA-1 signatures are refused by many TLS libraries.',
    causes: ['An old authority.'],
    remedy: ['Let a certificate with a SHA-256 signature be issued.'],
    source: 'RFC 9155; RFC 9325 section 4.5',
  },
  'certificate.weak-key': {
    title: 'the key of the device certificate is too small',
    explanation: 'Fewer than 112 bits of security: RSA below 2048 bits, or a curve below 224.',
    causes: ['A key that was made long ago, or for a very small device.'],
    remedy: ['Let a certificate with RSA-2048 or P-256 be issued.'],
    source: 'RFC 9325 section 4.5; NIST SP 800-131A',
  },
  'certificate.device-id-mismatch': {
    title: 'the id that is used is not the one in the certificate',
    explanation: 'The certificate names a device, and the connection is made for another.',
    causes: ['The certificate of another device, or a misspelt id.'],
    remedy: ['Use the id that the CN of the certificate names.', '$ sapcert inspect device.pem'],
    source: 'SAP IoT, MQTT network: the client id is the device alternate id',
  },
};

export const chainEntries: Readonly<Record<ChainCode, Entry>> = {
  'chain.incomplete': {
    title: 'an intermediate certificate is missing in the file',
    explanation: 'Between the certificate of the device and its root an issuer is missing.',
    causes: ['Only the certificate of the device was saved.'],
    remedy: ["Add the certificate of the issuer to the file, after the device's own."],
    source: 'RFC 5246 section 7.4.2; RFC 8446 section 4.4.2',
  },
  'chain.wrong-order': {
    title: 'certificates do not stand in the order that TLS asks for',
    explanation:
      'Each certificate should be followed by that of its issuer. Some clients take the first one for their own.',
    causes: ['The files were put together in the wrong order.'],
    remedy: ['$ sapcert strip device.pem'],
    source: 'RFC 5246 section 7.4.2; RFC 8446 section 4.4.2',
  },
  'chain.intermediate-expired': {
    title: 'an intermediate certificate in the file has expired',
    explanation: 'The chain that the device sends is not valid any more, though its own certificate is.',
    causes: ['The authority renewed its intermediate, and the file still has the old one.'],
    remedy: ['Replace the intermediate in the file by the current one of the authority.'],
    source: 'RFC 5280 section 6.1.3',
  },
  'chain.self-signed': {
    title: 'the device certificate was issued by itself',
    explanation: 'No authority vouches for it. A server accepts it only if it knows this very certificate.',
    causes: ['A certificate that was made for a test.', 'The certificate of another service.'],
    remedy: [
      'Use the certificate that the gateway issued for the device.',
      'Or let the operator of the broker register this certificate.',
    ],
    source: 'RFC 5280 section 6.1',
  },
};
