import type { X509Certificate } from 'node:crypto';
import { isIssuedBy, nameKey } from '../x509/index.js';
import type { CertificateRole, DescribedCertificate, InspectedChain, MissingIssuer } from './types.js';

/** A certificate of the input with what it says of itself. */
export interface Node {
  readonly number: number;
  readonly x509: X509Certificate;
  readonly described: DescribedCertificate;
}

/** How the certificates of an input hang together. */
export interface ChainMap {
  /** From each certificate that issued no other one upwards, in the order of the input. */
  readonly chains: readonly InspectedChain[];
  readonly roles: ReadonlyMap<number, CertificateRole>;
  /** The number of a certificate that stands twice -> the number of its first copy. */
  readonly duplicates: ReadonlyMap<number, number>;
}

/**
 * Orders certificates by issuer name, key identifier and signature (RFC 5280 section 6.1), and names what is
 * missing for a chain that does not end in a root.
 */
export function mapChains(nodes: readonly Node[]): ChainMap {
  const { distinct, duplicates } = withoutCopies(nodes);
  const family = relate(distinct);
  const issuing = new Set(family.issuers.values());
  const chains = distinct.filter((node) => !issuing.has(node)).map((bottom) => chainFrom(bottom, family));
  const roles = new Map(
    distinct.map((node) => [node.number, roleOf(node, family.roots.has(node), issuing.has(node))]),
  );
  for (const [copy, original] of duplicates) roles.set(copy, roles.get(original) ?? 'leaf');
  return { chains, roles, duplicates };
}

function withoutCopies(nodes: readonly Node[]): { distinct: Node[]; duplicates: Map<number, number> } {
  const first = new Map<string, Node>();
  const duplicates = new Map<number, number>();
  for (const node of nodes) {
    const known = first.get(node.described.fingerprint);
    if (known === undefined) first.set(node.described.fingerprint, node);
    else duplicates.set(node.number, known.number);
  }
  return { distinct: [...first.values()], duplicates };
}

/** Who issued whom, each signature checked once. */
interface Family {
  readonly nodes: readonly Node[];
  /** Those that signed themselves. */
  readonly roots: ReadonlySet<Node>;
  readonly issuers: ReadonlyMap<Node, Node>;
  /** Those that bear the name of a certificate's issuer, the one that stays valid longest first. */
  readonly namesakes: (node: Node) => readonly Node[];
}

/** More certificates than this do not bear one name in earnest; each costs a signature check. */
const mostNamesakes = 8;

function relate(nodes: readonly Node[]): Family {
  const bySubject = new Map<string, Node[]>();
  for (const node of nodes.toSorted((a, b) => (a.described.notAfter < b.described.notAfter ? 1 : -1))) {
    const name = nameKey(node.described.subject);
    bySubject.set(name, [...(bySubject.get(name) ?? []), node].slice(0, mostNamesakes));
  }
  const namesakes = (node: Node): Node[] =>
    (bySubject.get(nameKey(node.described.issuer)) ?? []).filter((candidate) => candidate !== node);

  const roots = new Set(nodes.filter(({ x509, described }) => described.selfIssued && verifies(x509, x509)));
  const issuers = new Map<Node, Node>();
  for (const node of nodes) {
    if (roots.has(node)) continue;
    const issuer = namesakes(node).find((candidate) => isIssuedBy(node.x509, candidate.x509));
    if (issuer !== undefined) issuers.set(node, issuer);
  }
  return { nodes, roots, issuers, namesakes };
}

function roleOf({ described }: Node, isRoot: boolean, issued: boolean): CertificateRole {
  // Certificates of version 1 cannot say that they are an authority's; such roots are still around.
  if (described.isCa || issued || (isRoot && described.version < 3)) return isRoot ? 'root' : 'intermediate';
  return 'leaf';
}

function chainFrom(bottom: Node, family: Family): InspectedChain {
  const path: Node[] = [bottom];
  let top = bottom;
  for (
    let next = family.issuers.get(top);
    next !== undefined && !path.includes(next);
    next = family.issuers.get(top)
  ) {
    path.push(next);
    top = next;
  }
  const certificates = path.map(({ number }) => number);
  return family.roots.has(top)
    ? { certificates }
    : { certificates, missing: missingIssuer(top, path, family) };
}

function missingIssuer(top: Node, path: readonly Node[], family: Family): MissingIssuer {
  const { issuer, issuerCommonName, authorityKeyIdentifier, caIssuers } = top.described;
  return {
    subject: issuer,
    name: issuerCommonName === undefined ? issuer : `CN=${issuerCommonName}`,
    keyIdentifier: authorityKeyIdentifier,
    because: whyNeeded(top, path, family),
    urls: caIssuers,
  };
}

function whyNeeded(top: Node, path: readonly Node[], { nodes, namesakes }: Family): string {
  const [namesake] = namesakes(top);
  if (namesake !== undefined) {
    const signed = verifies(top.x509, namesake.x509);
    return signed
      ? `certificate ${namesake.number}, which has its name and signed certificate ${top.number}, must not issue certificates by its own words`
      : `certificate ${namesake.number} has its name but another key: it did not sign certificate ${top.number}`;
  }
  const signed = `it signed certificate ${top.number}`;
  if (path.length > 1)
    return `${signed}, the last of this chain; only a root that the other side has itself may be left out`;
  if (nodes.length > 1) return `${signed}, and none of the other certificates here did`;
  return `${signed}, and whoever does not have it cannot verify that one`;
}

function verifies(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}
