import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import type { CheckOptions } from './options.js';
import type { FileProbe } from './probes/file.js';
import type { Judge } from './probes/tls-context.js';
import type { Target } from './target.js';
import { judgeServer, walk } from './trust.js';

/** Says what is wrong with a server's certificates, for the trust that this check has. */
export function makeJudge(options: CheckOptions, target: Target, file: FileProbe): Judge {
  const { fromCaFile, certificates } = file.trust;
  const roots = lazily(() => parseRoots(options.roots ?? rootCertificates));
  const bundle = file.bundle?.certificates.map(({ x509 }) => x509) ?? [];
  return (chain, trusted) => {
    // Reading all the default roots takes a while; a server that passed needs no second opinion.
    const [leaf] = chain;
    if (leaf === undefined) return undefined;
    const known = fromCaFile ? certificates : trusted === true ? walk(leaf, chain).slice(-1) : roots();
    const question = { chain, name: target.verifyName, bundle };
    const verdict = judgeServer({ ...question, trusted: known, fromCaFile });
    if (verdict === undefined || !fromCaFile || verdict.anchored) return verdict;
    const byDefault = judgeServer({ ...question, trusted: roots(), fromCaFile: false });
    return { ...verdict, defaultRootsAccept: byDefault?.anchored === true && byDefault.nameMatches === true };
  };
}

function parseRoots(roots: readonly string[]): readonly X509Certificate[] {
  return roots.flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      return [];
    }
  });
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
