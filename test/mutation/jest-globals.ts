import { expect } from 'expect';

/**
 * As much of Jest as the tests that mutation testing runs use. They are gathered when their files are loaded, and
 * runner.mjs runs those that it wants, as often as it wants: Jest would take longer to start than most of them take.
 */
export { expect };

type Body = (...row: readonly unknown[]) => unknown;

interface Suite {
  readonly title: string;
  readonly outer: Suite | undefined;
  readonly before: Body[];
  readonly after: Body[];
  readonly afterEach: Body[];
}

interface Test {
  readonly id: string;
  readonly suite: Suite;
  readonly body: Body;
}

const newSuite = (title: string, outer?: Suite): Suite => ({
  title,
  outer,
  before: [],
  after: [],
  afterEach: [],
});

let suite = newSuite('');
const tests: Test[] = [];

export function describe(title: string, body: () => void): void {
  const outer = suite;
  suite = newSuite(`${outer.title}${title} > `, outer);
  body();
  suite = outer;
}

export function test(title: string, body: Body, _timeout?: number): void {
  tests.push({ id: `${tests.length} ${suite.title}${title}`, suite, body });
}

describe.skip = test.skip = (): void => undefined;

type Each = (title: string, body: Body) => void;

const each =
  (add: (title: string, body: () => unknown) => void) =>
  (rows: readonly unknown[]): Each =>
  (title, body) => {
    for (const row of rows) {
      const values: readonly unknown[] = Array.isArray(row) ? row : [row];
      add(`${title} ${String(values[0])}`, () => body(...values));
    }
  };

test.each = each(test);
describe.each = each(describe);

export const beforeAll = (hook: Body): void => void suite.before.push(hook);
export const afterAll = (hook: Body): void => void suite.after.push(hook);
export const afterEach = (hook: Body): void => void suite.afterEach.push(hook);

/**
 * Runs tests in the order in which they were written, with their hooks, and says after each how it went.
 *
 * @param wanted their ids; absent: all
 * @param started is told of each test before its hooks and its body run
 * @param ended returns whether to go on
 */
export async function run(
  wanted: readonly string[] | undefined,
  started: (id: string) => void,
  ended: (id: string, error: Error | undefined) => boolean,
): Promise<void> {
  const only = wanted === undefined ? undefined : new Set(wanted);
  const chosen = tests.filter(({ id }) => only?.has(id) !== false);
  const prepared = new Set<Suite>();
  try {
    for (const { id, suite: own, body } of chosen) {
      started(id);
      const error = await attempt(async () => {
        for (const outer of fromTop(own)) {
          if (prepared.has(outer)) continue;
          prepared.add(outer);
          for (const hook of outer.before) await hook();
        }
        try {
          await body();
        } finally {
          for (const outer of fromTop(own)) for (const hook of outer.afterEach) await hook();
        }
      });
      if (!ended(id, error)) return;
    }
  } finally {
    for (const { after } of prepared) for (const hook of after) await attempt(async () => hook());
  }
}

function fromTop(own: Suite): readonly Suite[] {
  return own.outer === undefined ? [own] : [...fromTop(own.outer), own];
}

async function attempt(act: () => Promise<unknown>): Promise<Error | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
