import type { TlsFacts } from '../../facts/index.js';
import { distrusted, inspector, isForeign, serverFinding as finding } from '../distrust.js';
import type { Finding, Rule } from '../rule.js';
import type { View } from '../view.js';
import { nameOf } from '../words.js';

const unanchored: Rule = {
  codes: [
    'tls.server-self-signed',
    'tls.server-untrusted',
    'tls.server-chain-incomplete',
    'ca-file.not-the-issuer',
  ],
  find: (view) => {
    const found = distrusted(view);
    if (found === undefined || found.verdict.anchored) return undefined;
    const { tls, verdict, leaf } = found;
    const fromCaFile = view.file?.trust.source === 'ca-file';
    const stranger = fromCaFile ? 'ca-file.not-the-issuer' : 'tls.server-untrusted';
    const chain = `the server sent ${tls.serverChain.length === 1 ? 'only its own certificate' : `${tls.serverChain.length} certificates`}, issued by ${leaf.issuer}`;
    const trusted = fromCaFile ? `the CA file holds ${caNames(view)}` : 'none of the default roots issued it';
    if (verdict.leafIsInCaFile) {
      return finding('ca-file.not-the-issuer', 'proven', [
        `the CA file holds the server's own certificate (${nameOf(leaf)}), not the authority that issued it`,
      ]);
    }
    if (leaf.selfIssued && tls.serverChain.length === 1) {
      return finding('tls.server-self-signed', 'proven', [
        `the server certificate (${nameOf(leaf)}) was issued by itself; SHA-256 ${leaf.sha256}`,
      ]);
    }
    if (verdict.completedByBundle) {
      return finding('tls.server-chain-incomplete', 'proven', [
        chain,
        `the missing certificate of ${verdict.missingIssuer ?? ''} is in the device's bundle, and completes it`,
      ]);
    }
    if (verdict.defaultRootsAccept === true) {
      return finding(
        stranger,
        'proven',
        [chain, trusted, 'the default roots would have accepted it'],
        ['Leave --ca out: the server has a certificate of a public authority.'],
      );
    }
    if (verdict.sameNameOtherKey) {
      return finding(stranger, 'proven', [
        chain,
        `${trusted}; an authority of that name is among them, but it has another key`,
      ]);
    }
    if (verdict.missingIssuer === undefined)
      return finding(stranger, 'proven', [chain, trusted], rootAdvice(tls));
    const because = [chain, trusted, `the certificate of ${verdict.missingIssuer} is missing`];
    const incomplete = (certainty: Finding['certainty']) =>
      finding('tls.server-chain-incomplete', certainty, because, urlAdvice(tls));
    // Whoever sends one intermediate sends them all; and a proxy has its root here or nowhere.
    const linked = tls.serverChain.some(({ subject }) => subject === leaf.issuer);
    if (linked || inspector(tls) !== undefined)
      return finding(stranger, isForeign(view, found) ? 'possible' : 'likely', because);
    if (verdict.issuerOfSameOrganisation)
      return [incomplete('likely'), finding(stranger, 'possible', because)];
    return [finding(stranger, 'possible', because), incomplete('possible')];
  },
};

function caNames({ file }: View): string {
  const all = file?.trust.certificates ?? [];
  const shown = all
    .slice(0, 3)
    .map(({ subject }) => subject)
    .join('; ');
  return all.length > 3 ? `${shown} and ${all.length - 3} more` : shown;
}

function rootAdvice({ serverChain }: TlsFacts): readonly string[] {
  const root = serverChain.find(({ selfIssued }) => selfIssued);
  return root === undefined
    ? []
    : [
        `The server's root is ${root.subject}, SHA-256 ${root.sha256}: compare it with what its operator says.`,
      ];
}

function urlAdvice({ serverChain }: TlsFacts): readonly string[] {
  const [url] = serverChain.at(-1)?.issuerUrls ?? [];
  return url === undefined ? [] : [`The missing certificate can be had at ${url}.`];
}

export const serverChainRules: readonly Rule[] = [unanchored];
