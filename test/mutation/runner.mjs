// A test runner for Stryker: the bundled tests (build.mjs) and what they test lie in one process, and each mutant runs
// the tests that reach it, in the order in which they were written, up to the first that fails.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { PluginKind, declareClassPlugin } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  TestStatus,
  determineHitLimitReached,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';

const stryker = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});

class BundledTests {
  #program;
  #loads = 0;
  #strayError;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    // An error that no test waits for, as that of a promise left alone, fails the test that runs.
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      process.on(event, (error) => (this.#strayError ??= error));
    }
    await this.#load();
  }

  async dryRun() {
    const result = await this.#run(undefined, true);
    return { ...result, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun(options) {
    const first = await this.#mutated(options);
    const killer = first.tests?.find(({ status }) => status === TestStatus.Failed);
    // What fails without the mutant as well was left in disorder by another: load it all anew and try again.
    if (killer === undefined || options.reloadEnvironment || (await this.#passes(killer.id)))
      return toMutantRunResult(first);
    await this.#load();
    return toMutantRunResult(await this.#mutated(options));
  }

  async #mutated({ activeMutant, testFilter, hitLimit, mutantActivation, reloadEnvironment }) {
    stryker.activeMutant = mutantActivation === 'static' ? activeMutant.id : undefined;
    stryker.hitCount = hitLimit === undefined ? undefined : 0;
    stryker.hitLimit = hitLimit;
    try {
      if (reloadEnvironment) await this.#load();
      stryker.activeMutant = activeMutant.id;
      const result = await this.#run(testFilter, false);
      return determineHitLimitReached(stryker.hitCount, hitLimit) ?? result;
    } catch (error) {
      // It could not even be loaded.
      return { status: DryRunStatus.Complete, tests: [outcome('loading', 0, error)] };
    } finally {
      stryker.activeMutant = undefined;
      stryker.hitCount = stryker.hitLimit = undefined;
      if (mutantActivation === 'static') await this.#load();
    }
  }

  async #passes(id) {
    const { tests } = await this.#run([id], false);
    return tests.every(({ status }) => status !== TestStatus.Failed);
  }

  async #load() {
    this.#loads += 1;
    const { href } = pathToFileURL(resolve('coverage/mutation-tests.mjs'));
    this.#program = await import(`${href}?${this.#loads}`);
  }

  async #run(wanted, all) {
    const tests = [];
    let start = 0;
    this.#strayError = undefined;
    const started = (id) => {
      stryker.currentTestId = id;
      start = performance.now();
    };
    const ended = (id, error) => {
      const result = outcome(id, performance.now() - start, error ?? this.#strayError);
      tests.push(result);
      return all || result.status !== TestStatus.Failed;
    };
    await this.#program.run(wanted, started, ended);
    stryker.currentTestId = undefined;
    return { status: DryRunStatus.Complete, tests };
  }
}

function outcome(id, timeSpentMs, error) {
  const test = { id, name: id, timeSpentMs };
  if (error === undefined) return { ...test, status: TestStatus.Success };
  return { ...test, status: TestStatus.Failed, failureMessage: String(error?.message ?? error) };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'bundled', BundledTests)];
