// Certificates for the sandbox, the fixtures and the test laboratory. Importing this folder loads
// @peculiar/x509: import it dynamically wherever a command may do without it.
export {
  beginning,
  createAuthority,
  ended,
  openAuthority,
  selfSigned,
  type Authority,
  type AuthorityOptions,
  type Credentials,
  type CrlOptions,
  type IssueOptions,
} from './authority.js';
export { generateKey, type KeyKind } from './keys.js';
export { formatName, parseName, type DistinguishedName, type NamePart } from './names.js';
export {
  sapBundle,
  sapDevice,
  sapIssuer,
  sapIssuerSubject,
  sapSecret,
  sapSubject,
  type SapDevice,
  type SapDeviceOptions,
  type SapNameFields,
  type SapNameForm,
  type SapSecretForm,
} from './sap.js';
export type { CertificateUsage, SignatureHash } from './x509.js';
