import { SapcertError } from '../errors.js';

/**
 * Waits for all, whatever becomes of them.
 *
 * @throws the first error, with the others among its defects
 */
export async function allOrFirstError<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  const [first] = errors;
  if (first === undefined) return Promise.all(promises);
  const defects = errors.flatMap((error) => (error instanceof SapcertError ? error.defects : []));
  if (errors.length === 1 || !(first instanceof SapcertError)) throw first;
  const message = `${first.message} (and ${errors.length - 1} more)`;
  throw new SapcertError(first.code, message, { defects, cause: first.cause });
}
