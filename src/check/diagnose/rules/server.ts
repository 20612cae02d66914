import { diagnosisEntry } from '../../../catalogue/index.js';
import type { DiagnosisCode } from '../../../codes.js';
import type { CertificateFacts, ServerVerdict, TlsFacts } from '../../facts.js';
import { type Finding, type Rule, saw, sawIn } from '../rule.js';
import { type View, isExpired, isNotYetValid, tlsOf } from '../view.js';
import { checkCommand, day, nameOf } from '../words.js';
import { suspectsClock } from './clock.js';

/** The server's certificate did not pass. Nothing was sent to it after that. */

interface Distrusted {
  readonly tls: TlsFacts;
  readonly verdict: ServerVerdict;
  readonly leaf: CertificateFacts;
}

function distrusted({ failed, tls }: View): Distrusted | undefined {
  const [leaf] = tls?.serverChain ?? [];
  if (failed !== 'tls' || tls?.verdict?.trusted !== false || leaf === undefined) return undefined;
  return { tls, verdict: tls.verdict, leaf };
}

function finding(code: DiagnosisCode, certainty: Finding['certainty'], because: readonly string[], advice: readonly string[] = []): Finding {
  return { code, certainty, because: because.map((text) => saw('tls', text)), remedy: [...advice, ...diagnosisEntry(code).remedy] };
}

const validity: Rule = {
  codes: ['tls.server-expired', 'tls.server-not-yet-valid', 'ca-file.unusable'],
  find: (view) => {
    const found = distrusted(view);
    if (found === undefined) return undefined;
    const { serverChain } = found.tls;
    const { error = '' } = found.verdict;
    const expired = serverChain.find((certificate) => isExpired(certificate, view.now));
    if (expired !== undefined && error === 'CERT_HAS_EXPIRED') {
      return finding('tls.server-expired', suspectsClock(view) ? 'possible' : 'proven', [`${which(expired, found.leaf)} expired on ${day(expired.notAfter)}; this machine's clock says ${day(view.now.toISOString())}`]);
    }
    const early = serverChain.find((certificate) => isNotYetValid(certificate, view.now));
    if (early !== undefined && error === 'CERT_NOT_YET_VALID') {
      return finding('tls.server-not-yet-valid', suspectsClock(view) ? 'possible' : 'proven', [`${which(early, found.leaf)} is valid from ${early.notBefore} on; this machine's clock says ${view.now.toISOString()}`]);
    }
    const anchor = view.file?.trust.certificates?.find(({ subject }) => subject === found.verdict.anchor);
    if (anchor === undefined || !/^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/.test(error)) return undefined;
    return finding('ca-file.unusable', 'proven', [`the CA file's certificate of ${nameOf(anchor)} is valid from ${day(anchor.notBefore)} to ${day(anchor.notAfter)} only`]);
  },
};

function which(certificate: CertificateFacts, leaf: CertificateFacts): string {
  return certificate === leaf ? `the server certificate (${nameOf(leaf)})` : `the intermediate ${nameOf(certificate)} that the server sends`;
}

/** Who replaces server certificates on the way, as their makers name their authorities. */
const inspectors =
  /zscaler|fortigate|fortinet|palo alto|blue ?coat|symantec web|netskope|umbrella|opendns|sophos|kaspersky|eset ssl|avast|avg web|bitdefender|mcafee|trellix|skyhigh|check ?point|forcepoint|websense|watchguard|barracuda|sonicwall|untangle|mitmproxy|charles proxy|do_not_trust_fiddler|portswigger|burp|squid|pfsense|smoothwall|securly|lightspeed|contentkeeper|iboss|menlo|cato networks|trend ?micro|f5 sslo|ssl (?:inspection|interception|decryption)|tls (?:inspection|interception)|web ?gateway|man.in.the.middle/i;

const intercepted: Rule = {
  codes: ['tls.intercepted'],
  find: (view) => {
    const { tls, mqtt, failed } = view;
    const chain = tls?.serverChain ?? [];
    const [leaf] = chain;
    const issuer = leaf === undefined ? undefined : [leaf.issuer, ...chain.slice(1).map(({ issuer: above }) => above)].find((name) => inspectors.test(name));
    if (tls === undefined || issuer === undefined || (failed !== 'tls' && failed !== 'mqtt')) return undefined;
    if (failed === 'tls' && tls.verdict?.trusted !== false) return undefined;
    // A proxy that is trusted shows itself in that the server seems to ask for no certificate.
    if (failed === 'mqtt' && (tls.request !== undefined || mqtt === undefined)) return undefined;
    const asked = tls.request === undefined ? ['the server did not ask for a client certificate'] : [];
    return finding('tls.intercepted', 'likely', [`the server certificate was issued by ${issuer}, which inspects traffic`, ...asked]);
  },
};

/** Certificates that a reverse proxy shows when it knows no site by the name. */
const defaults = /traefik default cert|ingress controller fake certificate|default backend|invalid2?\.invalid|plesk|parallels|localhost\.localdomain|no sni provided/i;

const wrongName: Rule = {
  codes: ['tls.server-wrong-host', 'tls.wrong-virtual-host'],
  find: (view) => {
    const found = distrusted(view);
    if (found === undefined) return undefined;
    const { tls, verdict, leaf } = found;
    const warned = tls.alerts.find(({ from, number, level }) => from === 'server' && number === 112 && level === 'warning');
    const certificate = `the server certificate is for ${names(verdict)}, and ${view.target.verifyName} was asked for`;
    const advice = nameAdvice(view, verdict);
    if (warned !== undefined && verdict.nameMatches !== true) {
      return finding('tls.wrong-virtual-host', 'proven', ['the server warned that it does not know this name (alert 112)', certificate], advice);
    }
    if (defaults.test(`${leaf.subject} ${verdict.certificateNames.join(' ')}`)) {
      return finding('tls.wrong-virtual-host', 'likely', [`the server shows a default certificate: ${leaf.subject}`, certificate], advice);
    }
    if (verdict.nameMatches !== false) return undefined;
    if (view.target.serverNameGiven && nameFits(view.target.host, verdict.certificateNames)) {
      return finding('tls.wrong-virtual-host', 'proven', [certificate, `it would be right for ${view.target.host}, without --servername`], advice);
    }
    return finding('tls.server-wrong-host', 'proven', [certificate], advice);
  },
};

function names({ certificateNames }: ServerVerdict): string {
  const shown = certificateNames.slice(0, 4).join(', ');
  const more = certificateNames.length - 4;
  return shown === '' ? 'no name at all' : `${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

function nameFits(host: string, certificateNames: readonly string[]): boolean {
  return certificateNames.some((name) => name.toLowerCase() === host || (name.startsWith('*.') && host.endsWith(name.slice(1))));
}

function nameAdvice(view: View, { certificateNames }: ServerVerdict): readonly string[] {
  const usable = certificateNames.find((name) => !name.startsWith('*.') && name !== 'localhost');
  if (usable === undefined) return [];
  const port = view.target.port;
  return [`If ${usable} is the gateway you mean, connect by that name:`, checkCommand({ ...view, target: { ...view.target, host: usable, port } }, '')];
}

const unanchored: Rule = {
  codes: ['tls.server-self-signed', 'tls.server-untrusted', 'tls.server-chain-incomplete', 'ca-file.not-the-issuer'],
  find: (view) => {
    const found = distrusted(view);
    if (found === undefined || found.verdict.anchored) return undefined;
    const { tls, verdict, leaf } = found;
    const fromCaFile = view.file?.trust.source === 'ca-file';
    const stranger = fromCaFile ? 'ca-file.not-the-issuer' : 'tls.server-untrusted';
    const chain = `the server sent ${tls.serverChain.length === 1 ? 'only its own certificate' : `${tls.serverChain.length} certificates`}, issued by ${leaf.issuer}`;
    const trusted = fromCaFile ? `the CA file holds ${caNames(view)}` : 'none of the default roots issued it';
    if (verdict.leafIsInCaFile) {
      return finding('ca-file.not-the-issuer', 'proven', [`the CA file holds the server's own certificate (${nameOf(leaf)}), not the authority that issued it`]);
    }
    if (leaf.selfIssued && tls.serverChain.length === 1) {
      return finding('tls.server-self-signed', 'proven', [`the server certificate (${nameOf(leaf)}) was issued by itself; SHA-256 ${leaf.sha256}`]);
    }
    if (verdict.completedByBundle) {
      return finding('tls.server-chain-incomplete', 'proven', [chain, `the missing certificate of ${verdict.missingIssuer ?? ''} is in the device's bundle, and completes it`]);
    }
    if (verdict.defaultRootsAccept === true) {
      return finding(stranger, 'proven', [chain, trusted, 'the default roots would have accepted it'], ['Leave --ca out: the server has a certificate of a public authority.']);
    }
    if (verdict.sameNameOtherKey) {
      return finding(stranger, 'proven', [chain, `${trusted}; an authority of that name is among them, but it has another key`]);
    }
    if (verdict.missingIssuer === undefined) return finding(stranger, 'proven', [chain, trusted], rootAdvice(tls));
    const because = [chain, trusted, `the certificate of ${verdict.missingIssuer} is missing`];
    const incomplete = (certainty: Finding['certainty']) => finding('tls.server-chain-incomplete', certainty, because, urlAdvice(tls));
    if (verdict.issuerOfSameOrganisation && tls.serverChain.length === 1) return [incomplete('likely'), finding(stranger, 'possible', because)];
    if (tls.serverChain.length > 1) return [finding(stranger, 'likely', because), incomplete('possible')];
    return [finding(stranger, 'possible', because), incomplete('possible')];
  },
};

function caNames({ file }: View): string {
  const all = file?.trust.certificates ?? [];
  const shown = all.slice(0, 3).map(({ subject }) => subject).join('; ');
  return all.length > 3 ? `${shown} and ${all.length - 3} more` : shown;
}

function rootAdvice({ serverChain }: TlsFacts): readonly string[] {
  const root = serverChain.find(({ selfIssued }) => selfIssued);
  return root === undefined ? [] : [`The server's root is ${root.subject}, SHA-256 ${root.sha256}: compare it with what its operator says.`];
}

function urlAdvice({ serverChain }: TlsFacts): readonly string[] {
  const [url] = serverChain.at(-1)?.issuerUrls ?? [];
  return url === undefined ? [] : [`The missing certificate can be had at ${url}.`];
}

const otherFault: Rule = {
  codes: ['tls.server-wrong-purpose', 'tls.server-weak-key', 'tls.server-untrusted'],
  find: (view) => {
    const found = distrusted(view);
    if (found === undefined) return undefined;
    const error = found.verdict.error ?? '';
    if (error === 'INVALID_PURPOSE') {
      return finding('tls.server-wrong-purpose', 'proven', [`the server certificate is issued for ${(found.leaf.extendedKeyUsage ?? ['something else']).join(', ')}, not for serverAuth`]);
    }
    if (/TOO_SMALL|TOO_WEAK/.test(error)) {
      const { key, signature } = found.leaf;
      return finding('tls.server-weak-key', 'proven', [`the TLS library refuses the server certificate: ${error} (${key.type} ${key.bits ?? key.curve ?? ''}, ${signature})`]);
    }
    const known = /^(?:CERT_HAS_EXPIRED|CERT_NOT_YET_VALID|ERR_TLS_CERT_ALTNAME_INVALID)$/.test(error);
    if (known || !found.verdict.anchored) return undefined;
    return finding('tls.server-untrusted', 'likely', [`the TLS library does not accept the server certificate: ${error}`]);
  },
};

/** Where the name routes, the same port shows another certificate for another name. */
const routed: Rule = {
  codes: ['tls.wrong-virtual-host'],
  find: (view) => {
    const found = distrusted(view);
    const without = tlsOf(view.experiment('without-sni'))?.serverChain[0];
    if (found === undefined || without === undefined || found.verdict.nameMatches !== false) return undefined;
    if (without.sha256 === found.leaf.sha256) return undefined;
    const because = [saw('tls', `asked for ${view.target.verifyName}, the server showed ${nameOf(found.leaf)}`), sawIn('without-sni', `without a name it showed ${nameOf(without)}`)];
    return { code: 'tls.wrong-virtual-host', certainty: 'likely', because, remedy: diagnosisEntry('tls.wrong-virtual-host').remedy };
  },
};

export const serverRules: readonly Rule[] = [intercepted, validity, wrongName, unanchored, otherFault, routed];
