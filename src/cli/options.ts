/**
 * The one description of every command and option. yargs is built from it, and so is the light reader that
 * starts a plain `strip` without yargs.
 */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly describe: string;
  readonly alias?: string;
  readonly choices?: readonly string[];
  /** What a shell may offer as its value. */
  readonly completions?: () => Promise<readonly string[]>;
  /** What the help shows as the default; the command applies it. */
  readonly shownDefault?: string;
  /** What the value is called in the help. */
  readonly value?: string;
  /** May be given several times. */
  readonly repeatable?: boolean;
  readonly group?: string;
}

export type OptionTable = Readonly<Record<string, OptionSpec>>;

export interface PositionalSpec {
  readonly name: string;
  readonly describe: string;
  readonly required: boolean;
  readonly many: boolean;
  /** What a shell may offer, where it is not the name of a file. */
  readonly completions?: () => Promise<readonly string[]>;
}

export interface CommandSpec {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly describe: string;
  /** For the list of all commands, where `describe` says more than fits there. */
  readonly brief?: string;
  readonly positional?: PositionalSpec;
  readonly options: OptionTable;
  readonly examples: readonly (readonly [command: string, what: string])[];
  /** What somebody may have meant who gave a word too many. */
  readonly wordsHint?: string;
}

/** What was given, without defaults: an option that is missing was not given. */
export interface Arguments {
  readonly inputs: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[]>>;
}

export function text(args: Arguments, name: string): string | undefined {
  const value = args.options[name];
  return typeof value === 'string' ? value : undefined;
}

export function flag(args: Arguments, name: string): boolean {
  return args.options[name] === true;
}

export function list(args: Arguments, name: string): readonly string[] | undefined {
  const value = args.options[name];
  return typeof value === 'string' ? [value] : Array.isArray(value) ? value : undefined;
}

export const jsonOption: OptionTable = {
  json: { type: 'boolean', describe: 'print one JSON document instead of text' },
};

export const secretOptions: OptionTable = {
  passin: {
    type: 'string',
    alias: 'secret',
    value: 'SOURCE',
    describe: 'where the secret comes from: env:NAME, file:PATH, fd:N, stdin or pass:SECRET',
    shownDefault: 'SAPCERT_SECRET, the JSON, <stem>.secret, else a prompt',
  },
  'allow-slow-kdf': {
    type: 'boolean',
    describe: 'open keys whose key derivation costs more than a healthy file asks for',
  },
};

export const partOptions: OptionTable = {
  key: { type: 'string', value: 'FILE', describe: 'the private key, where it lies in a file of its own' },
  chain: {
    type: 'string',
    value: 'FILE',
    describe: 'the issuing certificates, where they lie in a file of their own',
  },
};

export const outputOptions: OptionTable = {
  overwrite: { type: 'boolean', describe: 'replace existing files' },
  'key-format': {
    type: 'string',
    choices: ['pkcs8', 'pkcs1', 'sec1', 'traditional'],
    describe:
      'how the private key is written: as openssl 3 does (pkcs8) or as openssl 1.1.1 does (traditional)',
    shownDefault: 'pkcs8',
  },
  certificates: {
    type: 'string',
    choices: ['all', 'leaf'],
    describe: 'the device certificate with its chain, or alone',
    shownDefault: 'all',
  },
};
