// Jest's last words: which programs were missing and what to install for the tests that were skipped, which Jest
// itself leaves out when it runs many files; then the count, in one plain line that any CI can read.

const missingPeer = /: needs (?<programs>.+) \(apt-get install (?<packages>.+)\)$/;

export default class ClosingReporter {
  onRunComplete(_contexts, results) {
    const lines = closingLines(results);
    // Jest's own summary comes after all reporters.
    process.once('exit', () => process.stderr.write(`${lines.join('\n')}\n`));
  }
}

/** @param results Jest's AggregatedResult */
export function closingLines({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, ...results }) {
  const { numRuntimeErrorTestSuites, testResults } = results;
  const skipped = testResults
    .flatMap((suite) => suite.testResults)
    .filter(({ status }) => status === 'pending')
    .flatMap(({ title }) => missingPeer.exec(title)?.groups ?? []);
  const all = (name, separator) =>
    [...new Set(skipped.flatMap((groups) => groups[name].split(separator)))].toSorted((a, b) =>
      a.localeCompare(b),
    );
  const reasons = [
    `Skipped ${skipped.length} groups of tests, which need: ${all('programs', ', ').join(', ')}`,
    `To run them as well: apt-get install ${all('packages', ' ').join(' ')}`,
  ];
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  const count = `${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`;
  return ['', ...(skipped.length === 0 ? [] : reasons), count];
}
