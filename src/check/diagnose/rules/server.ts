import type { CertificateFacts } from '../../facts/index.js';
import { gravestWeakness } from '../../strength.js';
import { anchorIn, distrusted, inspector, isForeign, serverFinding as finding } from '../distrust.js';
import type { Finding, Rule } from '../rule.js';
import { type View, isExpired, isNotYetValid } from '../view.js';
import { day, nameOf } from '../words.js';
import { suspectsClock } from './clock.js';
import { serverChainRules } from './server-chain.js';
import { serverNameRules } from './server-name.js';

const validity: Rule = {
  codes: ['tls.server-expired', 'tls.server-not-yet-valid', 'ca-file.unusable'],
  find: (view) => {
    const found = distrusted(view);
    if (found === undefined) return undefined;
    const { serverChain } = found.tls;
    const { error = '' } = found.verdict;
    const expired = serverChain.find((certificate) => isExpired(certificate, view.now));
    if (expired !== undefined && error === 'CERT_HAS_EXPIRED') {
      return finding('tls.server-expired', suspectsClock(view) ? 'possible' : 'proven', [
        `${which(expired, found.leaf)} expired on ${day(expired.notAfter)}; this machine's clock says ${day(view.now.toISOString())}`,
      ]);
    }
    const early = serverChain.find((certificate) => isNotYetValid(certificate, view.now));
    if (early !== undefined && error === 'CERT_NOT_YET_VALID') {
      return finding('tls.server-not-yet-valid', suspectsClock(view) ? 'possible' : 'proven', [
        `${which(early, found.leaf)} is valid from ${early.notBefore} on; this machine's clock says ${view.now.toISOString()}`,
      ]);
    }
    const anchor = anchorIn(view, found.verdict);
    if (anchor === undefined || !/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/.test(error)) return undefined;
    return finding('ca-file.unusable', 'proven', [
      `the CA file's certificate of ${nameOf(anchor)} ${isExpired(anchor, view.now) ? `expired on ${day(anchor.notAfter)}` : `is valid from ${anchor.notBefore} on`}`,
    ]);
  },
};

function which(certificate: CertificateFacts, leaf: CertificateFacts): string {
  return certificate === leaf
    ? `the server certificate (${nameOf(leaf)})`
    : `the intermediate ${nameOf(certificate)} that the server sends`;
}

const intercepted: Rule = {
  codes: ['tls.intercepted'],
  find: (view) => {
    const { tls, failed } = view;
    const issuer = tls === undefined ? undefined : inspector(tls);
    if (tls === undefined || issuer === undefined || !isInTheWay(view)) return undefined;
    const asked =
      tls.request === undefined && failed !== 'tls'
        ? ['the server did not ask for a client certificate']
        : [];
    return finding('tls.intercepted', 'likely', [
      `the server certificate was issued by ${issuer}, which inspects traffic`,
      ...asked,
    ]);
  },
};

/** A proxy whose authority is trusted shows itself only in that the server seems to ask for no certificate. */
function isInTheWay({ tls, failed }: View): boolean {
  if (failed === 'tls') return tls?.verdict?.trusted === false;
  return failed === 'mqtt' && tls?.request === undefined;
}

/** What does not ask for the certificate, and is unknown besides, may be something on the way. */
const strange: Rule = {
  codes: ['tls.intercepted'],
  find: (view) => {
    const found = distrusted(view);
    if (found === undefined || !isForeign(view, found)) return undefined;
    return finding('tls.intercepted', 'possible', [
      `the server certificate was issued by ${found.leaf.issuer}, which is not trusted here`,
      "the server did not ask for a client certificate, and SAP's gateway does",
    ]);
  },
};

const otherFault: Rule = {
  codes: ['tls.server-wrong-purpose', 'tls.server-weak-key', 'tls.server-untrusted', 'ca-file.unusable'],
  find: (view) => {
    const found = distrusted(view);
    if (found === undefined) return undefined;
    const error = found.verdict.error ?? '';
    const above = found.tls.serverChain.slice(1).find(({ isCa }) => !isCa);
    if (/^INVALID_(?:PURPOSE|CA)$/.test(error) && above !== undefined && suitsServer(found.leaf)) {
      return atFault(
        'proven',
        `the certificate of ${nameOf(above)}, which stands above the server's own, is not that of an authority`,
      );
    }
    const barred = found.tls.serverChain
      .slice(1)
      .find(({ keyUsage }) => keyUsage?.includes('keyCertSign') === false);
    if (barred !== undefined && /certificate signing/.test(found.tls.error?.message ?? '')) {
      return atFault(
        'proven',
        `the certificate of ${nameOf(barred)}, which stands above the server's own, may not sign certificates (its key usage is ${(barred.keyUsage ?? []).join(', ')})`,
      );
    }
    const narrow = found.tls.serverChain.slice(1).find((certificate) => !suitsServer(certificate));
    if (error === 'INVALID_PURPOSE' && narrow !== undefined && suitsServer(found.leaf)) {
      return finding('tls.server-wrong-purpose', 'proven', [
        `the authority ${nameOf(narrow)} may issue certificates for ${(narrow.extendedKeyUsage ?? []).join(', ')} only, not for serverAuth`,
      ]);
    }
    const anchor = anchorIn(view, found.verdict);
    const noAuthority = anchor !== undefined && !anchor.isCa && anchor.sha256 !== found.leaf.sha256;
    if (/^INVALID_(?:PURPOSE|CA)$/.test(error) && noAuthority && suitsServer(found.leaf)) {
      return finding('ca-file.unusable', 'proven', [
        `the CA file's certificate of ${nameOf(anchor)} is not that of an authority: its basic constraints do not say CA`,
      ]);
    }
    if (error === 'INVALID_PURPOSE') {
      return finding('tls.server-wrong-purpose', 'proven', [
        suitsServer(found.leaf)
          ? `the TLS library does not take the server certificate for a server's; its key usage is ${(found.leaf.keyUsage ?? ['not limited']).join(', ')}`
          : `the server certificate is issued for ${(found.leaf.extendedKeyUsage ?? []).join(', ')}, not for serverAuth`,
      ]);
    }
    const weak = weakest(found.tls.serverChain);
    if (/TOO_SMALL|TOO_WEAK/.test(error) || (error === 'UNSPECIFIED' && weak !== undefined)) {
      return finding('tls.server-weak-key', 'proven', [
        `the TLS library refuses the server certificate (${error})${weak === undefined ? '' : `: ${weak}`}`,
      ]);
    }
    const known = /^(?:CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|ERR_TLS_CERT_ALTNAME_INVALID)$/.test(error);
    if (known || !found.verdict.anchored) return undefined;
    const words = found.tls.error?.message ?? error;
    if (error.startsWith('UNABLE_TO_')) {
      return atFault(
        'likely',
        `names and signatures lead to a trusted authority, and the TLS library does not find the way (${words}): the key identifiers in the certificates name another issuer`,
      );
    }
    return atFault('likely', `the TLS library does not accept the server certificate: ${words}`);
  },
};

/** The authority is trusted: another CA file would not help. */
function atFault(certainty: Finding['certainty'], because: string): Finding {
  const found = finding('tls.server-untrusted', certainty, [
    because,
    'its authority is trusted here: the certificates themselves are at fault',
  ]);
  return {
    ...found,
    remedy: ['Let the operator of the server have its certificates issued anew, or sent as they should be.'],
  };
}

/** RFC 5280 section 4.2.1.12; absent means any. */
function suitsServer({ extendedKeyUsage: usages }: CertificateFacts): boolean {
  return usages === undefined || usages.includes('serverAuth') || usages.includes('anyExtendedKeyUsage');
}

function weakest(chain: readonly CertificateFacts[]): string | undefined {
  return chain.map(gravestWeakness).find((found) => found !== undefined);
}

export const serverRules: readonly Rule[] = [
  intercepted,
  validity,
  ...serverNameRules,
  strange,
  ...serverChainRules,
  otherFault,
];
