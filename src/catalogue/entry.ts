/** The words for one finding. Sentences; commands stand alone and begin with `$ `. */
export interface Entry {
  /** A clause that can stand after a name: lower case, no full stop. */
  readonly title: string;
  readonly explanation: string;
  /** By likelihood, the likeliest first. */
  readonly causes: readonly string[];
  readonly remedy: readonly string[];
  /** The clause of the standard or the document that it rests on. */
  readonly source: string;
}
