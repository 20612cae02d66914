/** What kind of thing a name stands for: the pseudonym says so, and a reader can follow the story. */
export type Kind =
  | 'host'
  | 'ipv4'
  | 'ipv6'
  | 'device'
  | 'gateway'
  | 'tenant'
  | 'instance'
  | 'client'
  | 'name'
  | 'organisation'
  | 'topic'
  | 'serial'
  | 'fingerprint'
  | 'mail'
  | 'user';

/**
 * One pseudonym for each value, the same wherever the value stands. Values are found in any text, with word
 * boundaries around them and in any case; very short ones only where the text says what they are, because `3`
 * is also a return code.
 */
export class Pseudonyms {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<Kind, number>();
  #pattern: RegExp | undefined;

  /** The first kind that a value is given stays. */
  add(kind: Kind, value: string | undefined): void {
    const key = keyOf(value ?? '');
    if (key === '' || this.#names.has(key) || isNoOnes(key)) return;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    this.#names.set(key, `${kind}-${count}`);
    this.#pattern = undefined;
  }

  /** Another way to write a value that has a pseudonym. */
  alias(value: string, written: string): void {
    const name = this.#names.get(keyOf(value));
    if (name !== undefined && !this.#names.has(keyOf(written))) this.#names.set(keyOf(written), name);
    this.#pattern = undefined;
  }

  /** These values stay as they are. */
  keep(value: string | undefined): void {
    const key = keyOf(value ?? '');
    if (key !== '' && !this.#names.has(key)) this.#names.set(key, value ?? '');
    this.#pattern = undefined;
  }

  replaceIn(text: string): string {
    this.#pattern ??= this.#compile();
    return text.replace(this.#pattern, (found) => this.#names.get(keyOf(found)) ?? found);
  }

  #compile(): RegExp {
    const values = [...this.#names.keys()].toSorted((a, b) => b.length - a.length);
    const [short, long] = [values.filter(isShort), values.filter((value) => !isShort(value))];
    const alternatives = [
      ...long.map((value) => `(?<![\\p{L}\\p{N}])${quote(value)}(?![\\p{L}\\p{N}])`),
      ...short.map((value) => `(?<=${introductions})${quote(value)}(?![\\p{L}\\p{N}])`),
    ];
    return alternatives.length === 0 ? /(?!)/ : new RegExp(alternatives.join('|'), 'giu');
  }
}

/** What stands before a value that is too short to be found by itself. */
const introductions = String.raw`(?:client id|client-id|device|MQTT [\d.]+ as|--host|to|=|:|/|"|')\s*`;

function isShort(value: string): boolean {
  return value.length < 4;
}

function keyOf(value: string): string {
  return value.trim().toLowerCase();
}

/** Names that every machine has. */
function isNoOnes(value: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|::1|0\.0\.0\.0|::)$/.test(value);
}

function quote(value: string): string {
  return value.replace(/[\\^$.*+?()[\]{}|/-]/g, (character) =>
    character === '-' ? String.raw`\x2d` : `\\${character}`,
  );
}
