import type { Entry } from './entry.js';
import { everything, type Explained } from './explain.js';
import { knownMessages } from './messages/index.js';

/** The whole catalogue as a Markdown document; `sapcert explain` says the same at the command line. */
export function catalogueMarkdown(): string {
  const groups = everything();
  const contents = [...groups.map(({ title }) => title), messagesTitle];
  return [
    '# What sapcert can explain',
    'Made from the catalogue in `src/catalogue` by `npm run docs`. `sapcert explain CODE` prints one entry, and takes error messages of other programs as well.',
    contents.map((title) => `- [${title}](#${anchor(title)})`).join('\n'),
    ...groups.flatMap(({ title, entries }) => [`## ${title}`, ...entries.flatMap(entryParts)]),
    `## ${messagesTitle}`,
    'By likelihood; `sapcert check` finds out which it is.',
    messageTable(),
    '',
  ]
    .join('\n\n')
    .replace(/\n+$/, '\n');
}

const messagesTitle = 'Error messages of other programs';

function anchor(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 ]/g, '')
    .replaceAll(' ', '-');
}

function entryParts(entry: Explained): readonly string[] {
  const { name, title, explanation, causes, remedy, source, kind } = entry;
  const head = kind === 'diagnosis' || kind === 'operation' ? `\`${name}\`` : name;
  return [
    `### ${head}`,
    `${kind === 'tls-alert' || kind === 'reason-code' ? '' : `**${capital(title)}.** `}${escape(explanation)}`,
    ...(causes.length === 0 ? [] : [list('Causes:', causes.map(escape))]),
    ...(remedy.length === 0 ? [] : [list('What to do:', steps({ remedy }))]),
    `Source: ${escape(source)}`,
  ];
}

function list(title: string, items: readonly string[]): string {
  return `${title}\n\n${items.map((item) => `- ${item}`).join('\n')}`;
}

function steps({ remedy }: Pick<Entry, 'remedy'>): readonly string[] {
  return remedy.map((step) => (step.startsWith('$ ') ? `\`${step.slice(2)}\`` : escape(step)));
}

function messageTable(): string {
  const rows = knownMessages.map(({ program, examples, means }) => {
    const [example] = examples;
    return `| ${program} | \`${example.replaceAll('|', String.raw`\|`)}\` | ${means.map((code) => `\`${code}\``).join(', ')} |`;
  });
  return ['| program | message | what it can be |', '|---|---|---|', ...rows].join('\n');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function escape(text: string): string {
  return text.replaceAll(/[<>*_|]/g, String.raw`\$&`);
}
