import { SapcertError } from '../../errors.js';
import { type FoundSecret, nameOfSecret } from '../secret.js';
import type { Finding, ForeignIssuer, InspectOptions, Inspection } from './types.js';

/** Somewhere a secret may be found. It is asked only as long as something in the input stays locked. */
export type SecretSource = (
  inspection: Inspection,
) => FoundSecret | undefined | Promise<FoundSecret | undefined>;

export interface Unlocked {
  readonly inspection: Inspection;
  /** The secret that was tried last. */
  readonly secret: FoundSecret | undefined;
  /** The same inspection once more, with certificates from elsewhere. */
  readonly again: (issuers: readonly ForeignIssuer[]) => Promise<Inspection>;
}

/**
 * Inspects an input with the secrets that can be found for it. None is needed, so a source that fails stops
 * nothing: it becomes a warning.
 *
 * @param look inspects the input
 * @param first a secret that is known from the start
 * @param sources where others may be found, the first one before the others
 */
export async function inspectUnlocked(
  look: (options: Pick<InspectOptions, 'passphrase' | 'issuers'>) => Promise<Inspection>,
  first: FoundSecret | undefined,
  sources: readonly SecretSource[],
): Promise<Unlocked> {
  let secret = first;
  let inspection = await look({ passphrase: secret?.passphrase });
  const warnings: Finding[] = [];
  for (const source of sources) {
    if (!isLocked(inspection)) break;
    const found = await quietly(source, inspection, warnings);
    if (found === undefined) continue;
    secret = found;
    inspection = await look({ passphrase: secret.passphrase });
  }
  const { passphrase } = secret ?? {};
  const warned = (found: Inspection): Inspection => ({
    ...found,
    warnings: [...(secret?.warnings ?? []), ...warnings, ...found.warnings],
  });
  return {
    inspection: warned(inspection),
    secret,
    again: async (issuers) => warned(await look({ passphrase, issuers })),
  };
}

async function quietly(
  source: SecretSource,
  inspection: Inspection,
  warnings: Finding[],
): Promise<FoundSecret | undefined> {
  try {
    return await source(inspection);
  } catch (error) {
    if (!(error instanceof SapcertError) || error.code === 'interrupted') throw error;
    warnings.push({ code: 'passphrase.unused', message: error.message });
    return undefined;
  }
}

/** Whether a secret is needed that neither was named nor came with the input. */
function isLocked(inspection: Inspection): boolean {
  return isSealed(inspection) || inspection.keys.some(({ state }) => state === 'locked');
}

/** Whether it is a PKCS#12 file that only lacks its secret: without it even the certificates stay hidden. */
export function isSealed({ stores, problems }: Inspection): boolean {
  return stores.some(({ sealed }) => sealed) && problems.length === 0;
}

/** Where a secret failed, says which one it was, and with `hint` what may have happened to it. */
export function nameWrongSecret(
  inspection: Inspection,
  secret: FoundSecret | undefined,
  hint?: string,
): Inspection {
  if (secret === undefined) return inspection;
  const problems = inspection.problems.map((problem): Finding => {
    if (problem.code !== 'key.passphrase-wrong') return problem;
    const message = problem.message.replace('the passphrase', nameOfSecret(secret));
    return { ...problem, message, hint: hint ?? problem.hint };
  });
  return { ...inspection, problems };
}
