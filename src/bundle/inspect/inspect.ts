import { mapChains } from './chain.js';
import { firstToEnd, validityAt } from './expiry.js';
import { type Situation, certificateFindings, relevantCertificates, storeWarnings } from './findings.js';
import { findingOf, inspectKeys, keyWarnings } from './keys.js';
import { describeAll, readForInspection } from './read.js';
import type { InspectOptions, InspectedCertificate, InspectedChain, Inspection } from './types.js';

/**
 * Says what is in an input of any kind: a bundle, a certificate or a key alone, a CA file, PKCS#12, a JSON
 * download. No secret is needed but for the certificates of a PKCS#12 file; with it, keys are opened as well and
 * held against the certificates.
 *
 * Faults of what was read (expired, key of another certificate, a secret that does not open the key) stand in
 * `problems`; only an input that cannot be read is thrown.
 *
 * @param input the text or the bytes
 * @throws SapcertError `file.*`, `key.damaged`, `key.not-private`: `defects` has everything that is broken
 */
export async function inspectBundle(
  input: string | Uint8Array,
  options: InspectOptions = {},
): Promise<Inspection> {
  const now = options.now ?? new Date();
  const { material, stores, sealedKeys, refusals } = await readForInspection(input, options);
  const nodes = describeAll(material.certificates, options.issuers ?? []);
  const passphrase = options.passphrase ?? material.secret;
  const opened = await inspectKeys(material.keys, nodes, { passphrase, allowSlowKdf: options.allowSlowKdf });

  const { chains, roles, duplicates } = mapChains(nodes);
  const certificates = nodes.map(({ described, number, place, friendlyName, from }): InspectedCertificate => {
    const role = roles.get(number) ?? 'leaf';
    return { number, place, role, ...described, ...validityAt(described, now), friendlyName, from };
  });
  const leaf = findLeaf(certificates, opened.matched);
  const situation: Situation = {
    certificates,
    leaf,
    chains: leafFirst(chains, leaf),
    duplicates,
    now,
    expiresWithin: options.expiresWithin,
  };
  const found = certificateFindings(situation);
  const keys = [...opened.keys, ...sealedKeys];
  return {
    format: material.format,
    blocks: material.blocks.map(({ label, place }) => ({ label, place })),
    stores,
    keys,
    certificates,
    leaf,
    chains: situation.chains,
    expiry: firstToEnd(relevantCertificates(situation)),
    connection: material.connection,
    bringsSecret: material.secret !== undefined,
    problems: [...refusals.map(findingOf), ...opened.problems, ...found.problems],
    warnings: [
      ...material.warnings,
      ...storeWarnings(stores),
      ...keyWarnings(keys),
      ...opened.warnings,
      ...found.warnings,
    ],
  };
}

/** The certificate that belongs to a key; a renewed one keeps its key: the one that stays valid longest is meant. */
function findLeaf(
  certificates: readonly InspectedCertificate[],
  matched: readonly number[],
): number | undefined {
  const [own] = certificates
    .filter(({ number }) => matched.includes(number))
    .toSorted((a, b) => Date.parse(b.notAfter) - Date.parse(a.notAfter));
  return (own ?? certificates.find(({ role }) => role === 'leaf'))?.number;
}

function leafFirst(chains: readonly InspectedChain[], leaf: number | undefined): readonly InspectedChain[] {
  const isOwn = ({ certificates }: InspectedChain): boolean =>
    leaf !== undefined && certificates.includes(leaf);
  return [...chains.filter(isOwn), ...chains.filter((chain) => !isOwn(chain))];
}
