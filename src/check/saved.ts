import { SapcertError } from '../errors.js';
import type { LadderRow } from '../wire/index.js';
import { diagnose } from './diagnose/index.js';
import { stageNames } from './evidence.js';
import type { ExperimentId } from './evidence.js';
import type { CheckReport } from './report.js';

/** One connection of a check, message by message. */
export interface Trace {
  readonly connection: 'first-pass' | ExperimentId;
  readonly rows: readonly LadderRow[];
}

/** What `check --json` saved, diagnosed anew. */
export interface SavedCheck {
  readonly report: CheckReport;
  /** There when it was saved with `--trace`. */
  readonly trace: readonly Trace[] | undefined;
}

/**
 * Reads a saved report and draws its conclusions again, with the rules of this version. Nothing is contacted.
 *
 * @param text the JSON document of `check --json`
 * @throws SapcertError `file.malformed` when it is none
 */
export function diagnoseSaved(text: string, file?: string): SavedCheck {
  const saved = parse(text, file);
  if (!isReport(saved)) throw malformed('this is no document of check --json', file);
  try {
    const { diagnoses, warnings } = diagnose(saved);
    return { report: { ...saved, diagnoses, warnings }, trace: traceIn(saved) };
  } catch (cause) {
    if (cause instanceof SapcertError) throw cause;
    throw malformed('the document of check --json is incomplete', file, cause);
  }
}

function parse(text: string, file: string | undefined): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('not valid JSON', file);
  }
}

function isReport(value: unknown): value is CheckReport {
  if (!isObject(value) || value['schemaVersion'] !== 1 || !isObject(value['target'])) return false;
  const { stages, experiments } = value;
  if (!Array.isArray(stages) || !Array.isArray(experiments)) return false;
  return stageNames.every((name, index) => {
    const stage: unknown = stages[index];
    return isObject(stage) && stage['stage'] === name && isObject(stage['facts']);
  });
}

function traceIn(saved: object): readonly Trace[] | undefined {
  return 'trace' in saved && isTrace(saved.trace) ? saved.trace : undefined;
}

function isTrace(value: unknown): value is readonly Trace[] {
  return Array.isArray(value) && value.every((entry) => isObject(entry) && Array.isArray(entry['rows']));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function malformed(message: string, file: string | undefined, cause?: unknown): SapcertError {
  const hint = 'save one with: sapcert check … --json > check.json';
  return new SapcertError('file.malformed', message, { place: { file }, hint, cause });
}
