import { fill, onOneLine } from './layout.js';
import { type Terminal, painter } from './terminal.js';

type Kind = 'error' | 'hint' | 'note' | 'warning';

const styles = { error: 'red', hint: 'bold', note: 'bold', warning: 'yellow' } as const;
const indent = '  ';

/**
 * Says something on standard error, one line for whoever reads it by program. A terminal gets lines of its width,
 * broken at spaces only, so that a name or an address can still be copied.
 */
export function say(kind: Kind, text: string, terminal: Terminal): void {
  const start = `sapcert: ${kind}: `;
  const [first = '', ...more] = linesFor(`${start}${onOneLine(text)}`, terminal);
  const painted = painter(terminal.env, terminal.stderrIsTerminal)(styles[kind], kind);
  const lines = [`sapcert: ${painted}: ${first.slice(start.length)}`, ...more];
  terminal.err(`${lines.join('\n')}\n`);
}

function linesFor(text: string, terminal: Terminal): string[] {
  return terminal.stderrIsTerminal ? fill(text.split(' '), terminal.stderrColumns, indent) : [text];
}
