export type Tone = 'plain' | 'good' | 'bad' | 'note';

/** What a row says. Where it points and when follows from the event. */
export interface RowText {
  readonly title: string;
  readonly details?: readonly string[];
  readonly tone?: Tone;
  /** Rows of one title that follow each other become one, with how many they were. */
  readonly mergeable?: boolean;
  /** `none`: nothing went over the wire. Default: away from who is in the event. */
  readonly arrow?: 'left' | 'none';
}

/** Detail lines, without those that have nothing to say. */
export function lines(...texts: readonly (string | undefined)[]): string[] {
  return texts.filter((text) => text !== undefined).filter((text) => text !== '');
}
