import { SapcertError } from '../errors.js';
import type { LadderRow } from '../wire/index.js';
import { diagnose } from './diagnose/index.js';
import { stageNames } from './evidence.js';
import type { ExperimentId } from './evidence.js';
import type { CheckReport } from './report.js';
import { departure } from './schema/conforms.js';
import { reportSchema } from './schema/report.js';

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
  const strange = departure(saved, reportSchema);
  if (strange !== undefined || !isReport(saved)) {
    const where = strange === undefined || strange === '' ? '' : `: ${strange}`;
    throw malformed(`this is no document of check --json, or not all of one${where}`, file);
  }
  try {
    const { diagnoses, warnings } = diagnose(saved);
    return { report: { ...saved, diagnoses, warnings }, trace: saved.trace };
  } catch (cause) {
    if (cause instanceof SapcertError) throw cause;
    throw malformed('what this document of check --json says does not fit together', file, cause);
  }
}

function parse(text: string, file: string | undefined): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('not valid JSON', file);
  }
}

type SavedReport = CheckReport & { readonly trace?: readonly Trace[] };

/** What the schema cannot say: all stages, each in its place, and a day that there is. */
function isReport(value: unknown): value is SavedReport {
  if (typeof value !== 'object' || value === null || !('stages' in value) || !('checkedAt' in value))
    return false;
  const { stages, checkedAt } = value;
  const names: readonly unknown[] = Array.isArray(stages) ? stages.map(nameOf) : [];
  return (
    stageNames.every((name, index) => names[index] === name) && !Number.isNaN(Date.parse(String(checkedAt)))
  );
}

function nameOf(stage: unknown): unknown {
  return typeof stage === 'object' && stage !== null && 'stage' in stage ? stage.stage : undefined;
}

function malformed(message: string, file: string | undefined, cause?: unknown): SapcertError {
  const hint = 'save one with: sapcert check … --json > check.json';
  return new SapcertError('file.malformed', message, { place: { file }, hint, cause });
}
