import { Session, type Profiler } from 'node:inspector';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Which blocks of sapcert's own code have run, from V8's precise coverage. Looking costs milliseconds: it is done
 * for many inputs together, and one by one only where something new was among them.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<number>();
  readonly #url: string;
  readonly #own: readonly (readonly [start: number, end: number])[];

  /** @param url of the program, bundled by esbuild: a comment names the file that each part comes from */
  constructor(url: string) {
    this.#url = url;
    this.#own = partsOf(readFileSync(fileURLToPath(url), 'utf8'));
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  get blocks(): number {
    return this.#seen.size;
  }

  /** How many blocks ran for the first time since the last look. */
  look(): number {
    const before = this.#seen.size;
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error !== null) throw error;
      for (const script of result) if (script.url === this.#url) this.#note(script);
    });
    return this.#seen.size - before;
  }

  /** How many blocks ran that had not, forgetting them again. */
  foresee(): number {
    const kept = new Set(this.#seen);
    const news = this.look();
    if (news > 0) for (const block of this.#seen) if (!kept.has(block)) this.#seen.delete(block);
    return news;
  }

  close(): void {
    this.#session.disconnect();
  }

  #note({ functions }: Profiler.ScriptCoverage): void {
    for (const { ranges } of functions) {
      for (const { startOffset, endOffset, count } of ranges) {
        if (count > 0 && this.#isOwn(startOffset)) this.#seen.add(startOffset * 2 ** 24 + endOffset);
      }
    }
  }

  #isOwn(offset: number): boolean {
    return this.#own.some(([start, end]) => start <= offset && offset < end);
  }
}

function partsOf(bundle: string): [number, number][] {
  const marks = [...bundle.matchAll(/^\/\/ ((?:\.\.\/)*[\w./-]+\.[jt]s)$/gm)];
  return marks.flatMap(({ index, 1: file = '' }, at): [number, number][] =>
    /(?:^|\/)src\//.test(file) ? [[index, marks[at + 1]?.index ?? bundle.length]] : [],
  );
}
