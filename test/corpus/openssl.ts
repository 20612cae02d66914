import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

export const legacyProvider = ['-provider', 'legacy', '-provider', 'default'] as const;

/**
 * Runs openssl and returns what it prints.
 *
 * @param passphrase for `-passin env:PASSPHRASE` and `-passout env:PASSPHRASE`
 */
export async function openssl(
  args: readonly string[],
  options: {
    readonly passphrase?: string | undefined;
    readonly cwd?: string | undefined;
    readonly input?: Uint8Array | undefined;
    readonly env?: Readonly<Record<string, string>>;
  } = {},
): Promise<Buffer> {
  const running = execFileAsync('openssl', [...args], {
    encoding: 'buffer',
    cwd: options.cwd,
    env: { ...process.env, ...options.env, PASSPHRASE: options.passphrase ?? '' },
    timeout: 20_000,
  });
  running.child.stdin?.end(options.input);
  const { stdout } = await running;
  return stdout;
}

/** Calls `run` for each item, two at a time, and keeps their order. */
export async function inPairs<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += 2) {
    results.push(...(await Promise.all(items.slice(start, start + 2).map(run))));
  }
  return results;
}
