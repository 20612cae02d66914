const most = 5;

/** The names that a text may have been meant to be: misspelt, or with words in common. At most five, best first. */
export function similarTo(text: string, names: readonly string[]): readonly string[] {
  const query = text.toLowerCase().slice(0, 200);
  const words = wordsOf(query);
  return names
    .map((name) => ({ name, score: likeness(query, words, name.toLowerCase()) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || a.name.localeCompare(b.name))
    .slice(0, most)
    .map(({ name }) => name);
}

/** 0: nothing in common. */
function likeness(query: string, words: ReadonlySet<string>, name: string): number {
  if (query.length < 2) return 0;
  const edits = query.length > 60 ? name.length : distance(query, name);
  const close = edits <= Math.max(2, Math.floor(name.length / 4)) ? 10 - edits : 0;
  const shared = [...wordsOf(name)].filter((word) => words.has(word)).length;
  const part = query.length >= 3 && name.includes(query) ? 2 : 0;
  return Math.max(0, close) + shared + part;
}

/** Words of every second message: to have one in common says nothing. */
const commonplace: ReadonlySet<string> = new Set([
  'error',
  'err',
  'the',
  'not',
  'for',
  'and',
  'tls',
  'mqtt',
  'ssl',
]);

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.split(/[^a-z0-9]+/).filter((word) => word.length > 2 && !commonplace.has(word)));
}

/** Levenshtein's: letters to add, drop or change. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...a].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= b.length; column++) {
      const change = (row[column - 1] ?? 0) + (letter === b[column - 1] ? 0 : 1);
      next.push(Math.min(change, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
