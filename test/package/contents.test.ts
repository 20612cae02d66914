import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { repository, run } from '../support/run.js';

interface Packed {
  readonly files: readonly { readonly path: string; readonly mode: number }[];
}

/** What `npm publish` would send; `npm test` has built it. */
async function packed(): Promise<Packed> {
  const ran = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: repository });
  const text = ran.stdout.toString();
  const [only] = JSON.parse(text.slice(text.indexOf('['))) as Packed[];
  if (only === undefined) throw new Error(`npm pack: ${ran.stderr}`);
  return only;
}

const { files } = await packed();
const paths = files.map(({ path }) => path);

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as Manifest;

describe('what is published', () => {
  test('holds what runs, its types, and what npm wants; no sources, tests, keys or maps', () => {
    const expected =
      /^(?:package\.json|README\.md|CHANGELOG\.md|LICENSE|bin\/sapcert\.cjs|dist\/cli\/entry\.cjs\.\w+-\w+\.cache|dist\/[\w/.-]+\.(?:js|cjs|d\.ts))$/;
    expect(paths.filter((path) => !expected.test(path))).toEqual([]);
    expect(paths).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'bin/sapcert.cjs', 'dist/index.js', 'dist/index.d.ts']),
    );
  });

  test('has no module that nothing loads', () => {
    const loaded = reachable(['bin/sapcert.cjs', 'dist/index.js']);
    const modules = paths.filter((path) => /\.c?js$/.test(path));
    const idle = modules.filter((path) => !loaded.has(path));
    expect(idle).toEqual([]);
    expect([...loaded].filter((path) => !paths.includes(path))).toEqual([]);
  });

  test('loads no package that is not a dependency, and depends on none that it does not load', () => {
    const imported = new Set<string>();
    for (const path of paths.filter((name) => /\.c?js$/.test(name))) {
      for (const specifier of specifiersOf(path))
        if (/^[a-z@]/.test(specifier) && !specifier.startsWith('node:')) imported.add(packageOf(specifier));
    }
    expect([...imported].toSorted()).toEqual(Object.keys(manifest.dependencies).toSorted());
  });

  // `prepare` runs in a clone and before packing, never for those who install from a registry.
  test('runs nothing when it is installed', () => {
    const atInstall = /^(?:pre|post)?(?:install|prepare)$|^prepublish$/;
    expect(Object.keys(manifest.scripts).filter((name) => atInstall.test(name))).toEqual(['prepare']);
  });

  test('names a command that starts with Node', () => {
    expect(Object.keys(manifest.bin)).toEqual(['sapcert']);
    const program = manifest.bin['sapcert'] ?? '';
    expect(readFileSync(join(repository, program), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    expect((files.find(({ path }) => path === program)?.mode ?? 0) & 0o111).toBe(0o111);
  });

  test('holds no path of the machine that built it and no key', () => {
    for (const path of paths) {
      const text = readFileSync(join(repository, path), 'utf8');
      expect({ path, found: text.includes(repository) || /^[A-Za-z0-9+/]{64}$/m.test(text) }).toEqual({
        path,
        found: false,
      });
    }
  });
});

/** Everything that these modules load, at once or later, by any way that this package uses. */
function reachable(entries: readonly string[]): Set<string> {
  const loaded = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    for (const specifier of specifiersOf(path).filter((name) => name.startsWith('.'))) {
      const target = relative(repository, resolve(repository, dirname(path), specifier)).replaceAll(
        '\\',
        '/',
      );
      if (existsSync(join(repository, target))) waiting.push(target);
    }
  }
  return loaded;
}

/** Imports and `require` of anything, and every relative path of a module, whatever is done with it. */
function specifiersOf(path: string): string[] {
  const text = readFileSync(join(repository, path), 'utf8').replaceAll('\\\n', ''); // a string that goes on in the next line
  const loads =
    /(?:\bfrom\s*|\bimport\s*\(?|\brequire\()(["'])([^"'\n]+)\1[);]|(["'`])(\.{1,2}\/[\w./-]+\.c?js)\3/gm;
  return [...text.matchAll(loads)].map(([, , specifier, , module]) => specifier ?? module ?? '');
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
