/** What a command may touch of the world outside; tests inject their own. */
export interface Terminal {
  /** Standard output: results only. */
  readonly out: (data: string | Uint8Array) => void;
  /** Standard error: everything else. */
  readonly err: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTerminal: boolean;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Of standard output, or what is usual where that is no terminal. */
  readonly columns: number;
  /** Of standard error. */
  readonly stderrColumns: number;
  /** Asks for secrets without showing them; `undefined` when there is no terminal to ask at. */
  readonly askSecrets: ((...questions: string[]) => Promise<string[]>) | undefined;
  /**
   * Fires when the user or the system wants the program to end. Until it is first used a signal ends the program
   * at once, so that nothing that waits for input has to ask: use it where something must not be left half done.
   */
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** What a terminal obeys instead of showing it. */
export const terminalControls =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text that came from outside (certificate subjects, file names, a broker's words), made safe to print: a
 * terminal obeys control characters, and bidirectional marks make text look like another.
 */
export function printable(foreign: string): string {
  return foreign.replace(terminalControls, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow';

const sgr: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
};

export type Paint = (style: Style, text: string) => string;

/** Whether a stream gets colours, by the rules of NO_COLOR (no-color.org) and FORCE_COLOR. */
export function usesColour(env: Terminal['env'], isTerminal: boolean): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  const refused = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
  return isTerminal && !refused && env['TERM'] !== 'dumb';
}

/** Colours for one stream, or none. */
export function painter(env: Terminal['env'], isTerminal: boolean): Paint {
  if (!usesColour(env, isTerminal)) return (_, text) => text;
  return (style, text) => `\u001b[${sgr[style][0]}m${text}\u001b[${sgr[style][1]}m`;
}
