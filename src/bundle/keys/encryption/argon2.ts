import { argon2dAsync, argon2iAsync, argon2idAsync } from '@noble/hashes/argon2.js';

export type Argon2Variant = 'argon2d' | 'argon2i' | 'argon2id';

/** What Argon2 (RFC 9106) may cost, as it stands in the file. */
export interface Argon2Cost {
  /** KiB */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

const functions = { argon2d: argon2dAsync, argon2i: argon2iAsync, argon2id: argon2idAsync } as const;

/** Lets timers and other work have their turn every few milliseconds. */
export async function argon2(
  variant: Argon2Variant,
  { memory, passes, parallelism }: Argon2Cost,
  password: Uint8Array,
  salt: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  const options = { m: memory, t: passes, p: parallelism, dkLen: length, maxmem: 2 ** 32 - 1 };
  return functions[variant](password, salt, options);
}
