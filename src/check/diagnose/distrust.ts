import { diagnosisEntry } from '../../catalogue/index.js';
import type { DiagnosisCode } from '../../codes.js';
import type { CertificateFacts, ServerVerdict, TlsFacts } from '../facts/index.js';
import { type Finding, saw } from './rule.js';
import type { View } from './view.js';

/** The server's certificate did not pass. Nothing was sent to it after that. */

export interface Distrusted {
  readonly tls: TlsFacts;
  readonly verdict: ServerVerdict;
  readonly leaf: CertificateFacts;
}

export function distrusted({ failed, tls }: View): Distrusted | undefined {
  const [leaf] = tls?.serverChain ?? [];
  if (failed !== 'tls' || tls?.verdict?.trusted !== false || leaf === undefined) return undefined;
  return { tls, verdict: tls.verdict, leaf };
}

export function serverFinding(
  code: DiagnosisCode,
  certainty: Finding['certainty'],
  because: readonly string[],
  advice: readonly string[] = [],
): Finding {
  return {
    code,
    certainty,
    because: because.map((text) => saw('tls', text)),
    remedy: [...advice, ...diagnosisEntry(code).remedy],
  };
}

/** The certificate of the CA file to which the server's chain leads; evidence of old has only its name. */
export function anchorIn(
  { file }: View,
  { anchor, anchorSha256 }: ServerVerdict,
): CertificateFacts | undefined {
  return file?.trust.certificates?.find(({ subject, sha256 }) =>
    anchorSha256 === undefined ? subject === anchor : sha256 === anchorSha256,
  );
}

/** Who replaces server certificates on the way, as their makers name their authorities. */
const inspectors =
  /zscaler|fortigate|fortinet|palo alto|blue ?coat|symantec web|netskope|umbrella|opendns|sophos|kaspersky|eset ssl|avast|avg web|bitdefender|mcafee|trellix|skyhigh|check ?point|forcepoint|websense|watchguard|barracuda|sonicwall|untangle|mitmproxy|charles proxy|do_not_trust_fiddler|portswigger|burp|squid|pfsense|smoothwall|securly|lightspeed|contentkeeper|iboss|menlo|cato networks|trend ?micro|f5 sslo|ssl (?:inspection|interception|decryption)|tls (?:inspection|interception)|web ?gateway|man.in.the.middle/i;

/** The authority in the server's chain that is known to belong to a device which opens TLS. */
export function inspector({ serverChain }: TlsFacts): string | undefined {
  return serverChain.map(({ issuer }) => issuer).find((name) => inspectors.test(name));
}

/** SAP's gateway always asks the device for its certificate: what does not, and is unknown, is perhaps not it. */
export function isForeign({ target, file }: View, { tls, verdict, leaf }: Distrusted): boolean {
  const unexpected = target.profile === 'sap-iot' && file?.given === true && tls.request === undefined;
  return unexpected && !verdict.anchored && !leaf.selfIssued && inspector(tls) === undefined;
}
