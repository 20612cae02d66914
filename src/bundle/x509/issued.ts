import type { X509Certificate } from 'node:crypto';

/** Whether `issuer` signed `certificate`: the names fit, the key identifiers fit, and so does the signature. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return certificate.checkIssued(issuer) && verifies(certificate, issuer);
}

/** A root: it names itself as its issuer. */
export function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer;
}

/** Whether the key of `issuer` made the signature of `certificate`, whatever else they say of each other. */
export function verifies(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}
