import { Ajv2020 } from 'ajv/dist/2020.js';
import { exitCode, renderReport, reportSchema, type CheckReport } from '../../src/check/index.js';
import type { FailureRow, HealthyRow, Setup } from './row.js';

/** What came of a check, and how long it took. */
export interface Outcome {
  readonly report: CheckReport;
  readonly ms: number;
}

const validate = new Ajv2020({ strict: false, allErrors: true }).compile(reportSchema);

/** What is wrong with a report on a row in which something fails; empty where it is as it should be. */
export function judgeFailure(row: FailureRow, setup: Setup, { report, ms }: Outcome): readonly string[] {
  const { codes, all, certainty, never, also, says, experiments } = row.expect;
  const [first] = report.diagnoses;
  const found: readonly string[] = report.diagnoses.map(({ code }) => code);
  const mentioned = new Set<string>([...found, ...report.warnings.map(({ code }) => code)]);
  const text = renderReport(report, { width: 100, colour: false });
  const expectedExit = exitCodeOf(first?.code ?? codes[0]);
  return [
    ...judgeAlways(setup, report, text, ms),
    ...(first === undefined ? [`no diagnosis; expected ${codes.join(' or ')}`] : []),
    ...complain(
      first !== undefined && !codes.includes(first.code),
      () => `${first?.code} instead of ${codes.join(' or ')}`,
    ),
    ...(first !== undefined && codes.includes(first.code) && !certainty.includes(first.certainty)
      ? [`${first.code} is ${first.certainty} instead of ${certainty.join(' or ')}`]
      : []),
    ...codes
      .filter((code) => all && first !== undefined && !found.includes(code))
      .map((code) => `${code} is not listed`),
    ...never.filter((code) => found.includes(code)).map((code) => `${code} is diagnosed, and is not so`),
    ...also.filter((code) => !mentioned.has(code)).map((code) => `${code} is not mentioned`),
    ...says
      .filter((phrase) => !phrase.test(text.replaceAll(/\s+/g, ' ')))
      .map((phrase) => `the report does not say ${String(phrase)}`),
    ...Object.entries(experiments).flatMap(([id, outcome]) => {
      const run = report.experiments.find((experiment) => experiment.id === id);
      return run?.outcome === outcome
        ? []
        : [`experiment ${id} is ${run?.outcome ?? 'not run'} instead of ${outcome}`];
    }),
    ...complain(
      /^(?:file|key)\./.test(codes[0]) &&
        report.stages.some(({ stage, outcome }) => stage !== 'file' && outcome !== 'skipped'),
      () => 'the network was used although the file cannot be',
    ),
    ...complain(
      exitCode(report) !== expectedExit,
      () => `exit code ${exitCode(report)} instead of ${expectedExit}`,
    ),
    ...report.diagnoses.flatMap(({ code, because, remedy }) => [
      ...complain(because.length === 0, () => `${code} rests on nothing`),
      ...complain(remedy.length === 0, () => `${code} has no remedy`),
    ]),
    ...complain(new Set(found).size !== found.length, () => `a code stands twice: ${found.join(', ')}`),
  ];
}

/** What is wrong with a report on a row in which all is well. */
export function judgeHealthy(row: HealthyRow, setup: Setup, { report, ms }: Outcome): readonly string[] {
  const text = renderReport(report, { width: 100, colour: false });
  const warned = new Set<string>(report.warnings.map(({ code }) => code));
  return [
    ...judgeAlways(setup, report, text, ms),
    ...report.diagnoses.map(({ code }) => `false alarm: ${code}`),
    ...(row.warns ?? []).filter((code) => !warned.has(code)).map((code) => `no warning ${code}`),
    ...complain(exitCode(report) !== 0, () => `exit code ${exitCode(report)} instead of 0`),
  ];
}

function judgeAlways(setup: Setup, report: CheckReport, text: string, ms: number): readonly string[] {
  const json = JSON.stringify(report);
  const problems = validate(JSON.parse(json)) ? [] : (validate.errors ?? []);
  const limit = deadline(setup);
  return [
    ...problems.slice(0, 3).map(({ instancePath, message }) => `schema: ${instancePath} ${message}`),
    ...complain(ms > limit, () => `took ${ms} ms of ${limit}`),
    ...secrets(setup).flatMap((secret) => [
      ...complain(json.includes(secret), () => `the JSON holds the secret ${secret.slice(0, 4)}..`),
      ...complain(text.includes(secret), () => `the text holds the secret ${secret.slice(0, 4)}..`),
    ]),
    ...complain(report.stages.length !== 6, () => `${report.stages.length} stages`),
  ];
}

/** Each of the five stages of the network has its timeout; experiments together have three, watching its own. */
export function deadline({ timeout = 10_000, watch = 0 }: Setup): number {
  return timeout * 8 + watch + 5000;
}

function exitCodeOf(code: string): 1 | 2 {
  return /^(?:file|key)\.|^ca-file\.unusable$/.test(code) ? 2 : 1;
}

/** Passphrase, password, and every line of a private key: none of them may come out. */
function secrets({ passphrase, password, input, key }: Setup): readonly string[] {
  const given = [passphrase, password].filter((secret) => secret !== undefined).map(String);
  const blocks = [input, key].flatMap((text) =>
    typeof text === 'string' ? [...text.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----([^-]+)/g)] : [],
  );
  const lines = blocks.flatMap(([, body = '']) => body.split(/\s+/).filter((line) => line.length > 40));
  return [...given.filter((secret) => secret.length > 3), ...lines];
}

function complain(wrong: boolean, say: () => string): readonly string[] {
  return wrong ? [say()] : [];
}
