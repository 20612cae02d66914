import { expect } from 'expect';

/**
 * As much of Jest as the tests that mutation testing runs use: one plain program runs them in a fraction of the
 * time that Jest takes to start, and ends at the first test that fails.
 */
export { expect };

type Body = (...row: unknown[]) => unknown;

interface Suite {
  readonly before: Body[];
  readonly after: Body[];
  readonly steps: (() => Promise<void>)[];
}

let suite: Suite = { before: [], after: [], steps: [] };

async function runSuite({ before, after, steps }: Suite): Promise<void> {
  for (const hook of before) await hook();
  try {
    for (const step of steps) await step();
  } finally {
    for (const hook of after) await hook();
  }
}

export function describe(_title: string, body: () => void): void {
  const outer = suite;
  const inner: Suite = { before: [], after: [], steps: [] };
  suite = inner;
  body();
  suite = outer;
  outer.steps.push(() => runSuite(inner));
}

let count = 0;

export function test(title: string, body: Body, _timeout?: number): void {
  suite.steps.push(async () => {
    count += 1;
    try {
      await body();
    } catch (error) {
      throw new Error(`failed: ${title}`, { cause: error });
    }
  });
}

test.skip = (): void => undefined;

test.each =
  (rows: readonly unknown[]) =>
  (title: string, body: Body): void => {
    for (const row of rows) {
      const values: readonly unknown[] = Array.isArray(row) ? row : [row];
      test(`${title} ${String(values[0])}`, () => body(...values));
    }
  };

export const beforeAll = (hook: Body): void => void suite.before.push(hook);
export const afterAll = (hook: Body): void => void suite.after.push(hook);

/** Runs everything that was described. @returns how many tests there were */
export async function run(): Promise<number> {
  await runSuite(suite);
  return count;
}
