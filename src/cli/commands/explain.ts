import type { Explained, Explanation } from '../../catalogue/index.js';
import type { ExitCode } from '../exit-code.js';
import { wrap } from '../layout.js';
import { type Arguments, type CommandSpec, flag, jsonOption } from '../options.js';
import { printJson, schemaVersion } from '../report.js';
import { say } from '../say.js';
import { type Paint, painter, printable, type Terminal } from '../terminal.js';

export const explainSpec: CommandSpec = {
  name: 'explain',
  brief: 'what a code or an error message means, and what to do',
  describe:
    'what a code or an error message means, what causes it and what to do: a code of sapcert, a CONNACK code, ' +
    'an acknowledgement, a TLS alert, or a message of OpenSSL, Node, paho, mosquitto, Java, Go and others; ' +
    'without one, list all',
  positional: {
    name: 'code',
    describe: 'a code or a message; several words are one message',
    required: false,
    many: true,
    completions: async () => {
      const { everything } = await import('../../catalogue/index.js');
      const named = everything().flatMap(({ entries }) => entries.map(({ name }) => name));
      return named.filter((name) => !/[ ,]/.test(name));
    },
  },
  options: { ...jsonOption },
  examples: [
    ['sapcert explain rc=3', 'what the broker means by CONNACK 3'],
    ['sapcert explain 202', 'an acknowledgement of SAP’s gateway'],
    ['sapcert explain alert 48', 'a TLS alert, by number or name'],
    ["sapcert explain 'certificate verify failed: self-signed certificate'", 'an error message'],
  ],
};

export async function runExplain(args: Arguments, terminal: Terminal): Promise<ExitCode> {
  const catalogue = await import('../../catalogue/index.js');
  const query = args.inputs.join(' ').trim();
  if (query === '') return listAll(catalogue.everything(), args, terminal);
  const explanation = catalogue.explain(query);
  const found = explanation.matches.length > 0;
  if (flag(args, 'json')) printJson(terminal, { schemaVersion, query, ...explanation });
  else if (found) printMatches(explanation.matches, terminal);
  else printUnknown(query, explanation, terminal);
  return found ? 0 : 2;
}

function printMatches(matches: readonly Explained[], terminal: Terminal): void {
  const paint = painter(terminal.env, terminal.stdoutIsTerminal);
  const width = Math.min(terminal.columns, 100);
  terminal.out(matches.map((match) => render(match, width, paint)).join('\n'));
}

function render(match: Explained, width: number, paint: Paint): string {
  const { kind, name, title, explanation, causes, remedy, source } = match;
  // The standard's own name of an alert or a reason code is its title already.
  const named = kind === 'tls-alert' || kind === 'reason-code';
  const said = named ? [] : wrap(sentence(title), width - 2);
  const lines = [
    ...wrap(name, width).map((line) => paint('bold', line)),
    ...indented([...said, ...wrap(explanation, width - 2)]),
    ...listed('Causes, the likeliest first:', causes, width),
    ...listed('What to do:', remedy, width),
    ...indented(wrap(`Source: ${source}`, width - 2)).map((line) => paint('dim', line)),
  ];
  return `${lines.join('\n')}\n`;
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`);
}

function listed(title: string, items: readonly string[], width: number): readonly string[] {
  if (items.length === 0) return [];
  const lines = items.flatMap((item) =>
    item.startsWith('$ ')
      ? [`    ${item}`]
      : wrap(item, width - 6).map((line, index) => `${index === 0 ? '    - ' : '      '}${line}`),
  );
  return [`  ${title}`, ...lines];
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function printUnknown(query: string, { suggestions }: Explanation, terminal: Terminal): void {
  const shown = printable(query).replaceAll(/\s+/g, ' ').slice(0, 80);
  say('error', `nothing is known about ${shown}`, terminal);
  const near = suggestions.length > 0 ? `did you mean ${suggestions.join(', ')}? ` : '';
  say('hint', `${near}sapcert explain lists all codes; sapcert check finds the cause itself`, terminal);
}

type Groups = readonly { readonly title: string; readonly entries: readonly Explained[] }[];

function listAll(groups: Groups, args: Arguments, terminal: Terminal): ExitCode {
  if (flag(args, 'json')) {
    printJson(terminal, { schemaVersion, entries: groups.flatMap(({ entries }) => entries) });
    return 0;
  }
  const paint = painter(terminal.env, terminal.stdoutIsTerminal);
  const width = Math.min(terminal.columns, 100);
  const sections = groups.map(({ title, entries }) => {
    const lines = entries.flatMap(({ name, title: words, kind }) =>
      kind === 'diagnosis' || kind === 'operation'
        ? [`  ${name}`, ...wrap(words, width - 6).map((line) => `      ${line}`)]
        : wrap(name, width - 4).map((line, index) => `${index === 0 ? '  ' : '      '}${line}`),
    );
    return `${paint('bold', title)}\n${lines.join('\n')}\n`;
  });
  terminal.out(`${sections.join('\n')}\nsapcert explain CODE says more; it takes error messages as well.\n`);
  return 0;
}
