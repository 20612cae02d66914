import type { X509Certificate } from 'node:crypto';
import type { CheckContext, Variation } from './pass.js';
import type { ClientIdentity, OpensslVersion, TlsOptions } from './probes/tls-context.js';
import type { Target } from './target.js';
import { walk } from './trust.js';

/** The options of a handshake as the target says, with what is varied. */
export function tlsOptions(context: CheckContext, variation: Variation): TlsOptions {
  const { target, judge } = context;
  const identity = identityOf(context, variation.certificates);
  const [minVersion, maxVersion] = variation.versions ?? versionsOf(target);
  return {
    verifyName: target.verifyName,
    serverName: variation.withoutSni === true ? undefined : target.serverName,
    alpn: variation.alpn ?? target.alpn,
    minVersion,
    maxVersion,
    identity,
    trust: trustFor(context, identity),
    holdMs: variation.holdMs,
    last: target.until === 'tls',
    judge,
  };
}

function versionsOf({ tlsVersion }: Target): readonly [OpensslVersion, OpensslVersion] {
  if (tlsVersion === undefined) return ['TLSv1.2', 'TLSv1.3'];
  return tlsVersion === '1.2' ? ['TLSv1.2', 'TLSv1.2'] : ['TLSv1.3', 'TLSv1.3'];
}

function identityOf(
  { file }: CheckContext,
  certificates: Variation['certificates'],
): ClientIdentity | undefined {
  const { identity } = file;
  if (identity === undefined || certificates === 'none') return undefined;
  const own = [identity.leaf.x509, ...identity.chain.map(({ x509 }) => x509)];
  return { key: identity.key, certificates: certificates ?? own };
}

/**
 * OpenSSL completes what we send from the authorities that we trust. To send exactly what the file holds, as a
 * device with another TLS library does, the device's own intermediates are left out of them; unless no root is
 * left then, or the server's chain turned out to need them (`fullTrust`).
 */
function trustFor(
  { file, fullTrust }: CheckContext,
  identity: ClientIdentity | undefined,
): readonly string[] | undefined {
  const { trust } = file;
  if (!trust.fromCaFile || fullTrust) return trust.pem;
  const kept = withoutDeviceIntermediates(trust.certificates, identity);
  return kept.some(isRoot) ? kept.map((certificate) => certificate.toString()) : trust.pem;
}

/** Whether something was left out by {@link trustFor}, so that a second try with all of it makes sense. */
export function leavesOutTrust({ file, fullTrust }: CheckContext): boolean {
  const { trust, identity } = file;
  if (!trust.fromCaFile || fullTrust || identity === undefined) return false;
  const sent = {
    key: identity.key,
    certificates: [identity.leaf.x509, ...identity.chain.map(({ x509 }) => x509)],
  };
  return withoutDeviceIntermediates(trust.certificates, sent).length < trust.certificates.length;
}

function withoutDeviceIntermediates(
  trusted: readonly X509Certificate[],
  identity: ClientIdentity | undefined,
): readonly X509Certificate[] {
  const top = identity?.certificates.at(-1);
  if (top === undefined) return trusted;
  const above = new Set(
    walk(top, trusted)
      .slice(1)
      .filter((certificate) => !isRoot(certificate)),
  );
  return trusted.filter((certificate) => !above.has(certificate));
}

function isRoot(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer;
}
