/** The package brings no types. This is what sapcert uses of it. */
declare module 'bcrypt-pbkdf' {
  const bcrypt: {
    /** Hashes two values of 64 bytes into `output`, which has 32. */
    hash(password: Uint8Array, salt: Uint8Array, output: Uint8Array): void;
    /** The whole derivation in one go. */
    pbkdf(
      password: Uint8Array,
      passwordLength: number,
      salt: Uint8Array,
      saltLength: number,
      key: Uint8Array,
      keyLength: number,
      rounds: number,
    ): number;
  };
  export default bcrypt;
}
