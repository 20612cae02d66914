import { fill, wrap } from './layout.js';
import type { CommandSpec } from './options.js';

/** The examples of a command for its help. They stand before the options: on the first screen. */
export function examplesOf({ examples }: CommandSpec, columns: number): string {
  const lines = examples.flatMap(([command, what]) => [
    ...wrap(what, columns - 4).map((line) => `  # ${line}`),
    ...shellLines(command, columns - 8).map((line) => `  ${line}`),
  ]);
  return ['Examples:', ...lines].join('\n');
}

/** A command as a shell takes it, also where it is longer than a line; an option stays beside its value. */
function shellLines(command: string, columns: number): string[] {
  const lines = fill(command.split(/ (?=-|<)/), columns, '    ');
  return lines.map((line, index) => (index < lines.length - 1 ? `${line} \\` : line));
}
