import type { CheckReport } from './report.js';

/** 0: fine; 1: a problem was found; 2: the input is at fault, nothing was contacted; 3: not completed. */
export type CheckExitCode = 0 | 1 | 2 | 3;

/** The exit code of a check. A found cause counts more than an interruption. */
export function exitCode(report: Pick<CheckReport, 'stages' | 'diagnoses' | 'interrupted'>): CheckExitCode {
  const file = report.stages.find(({ stage }) => stage === 'file');
  if (file?.outcome === 'failed') return 2;
  if (report.diagnoses[0]?.code === 'ca-file.unusable') return 2;
  if (report.diagnoses.length > 0 || report.stages.some(({ outcome }) => outcome === 'failed')) return 1;
  return report.interrupted ? 3 : 0;
}
