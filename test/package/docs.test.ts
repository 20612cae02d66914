import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { repository } from '../support/run.js';

const text = (path: string): string => readFileSync(join(repository, path), 'utf8');

/** The names that these modules export in braces or as functions. */
function exportedNames(...modules: string[]): string[] {
  return modules.map(text).flatMap((source) => [
    ...[...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) =>
      names
        .split(',')
        .map((name) => name.trim().replace(/^type /, ''))
        .filter((name) => name !== ''),
    ),
    ...[...source.matchAll(/^export (?:async )?function\*? (\w+)/gm)].map(([, name = '']) => name),
  ]);
}

test('the pages of the library have everything that it exports (npm run docs)', () => {
  const headings = new Set(
    [...text('docs/api/README.md').matchAll(/^### (?:abstract )?(\w+)/gm)].map(([, name]) => name),
  );
  const names = exportedNames('src/index.ts', 'src/bundle/index.ts');
  expect(names).toEqual(expect.arrayContaining(['stripBundle', 'checkConnection', 'SapcertError', 'Target']));
  expect(names.filter((name) => !headings.has(name))).toEqual([]);
});
