/** A check as one page of HTML that can be attached to a ticket. Pure: report and trace in, text out. */
import type { CheckReport, Trace } from '../check/index.js';
import { page } from './page.js';
import { redact, withoutPaths } from './redact.js';

export interface HtmlReportOptions {
  /** Names of hosts, devices, companies and certificates get pseudonyms; true by default. */
  readonly redact?: boolean | undefined;
  /** The version of sapcert, to be shown. */
  readonly version?: string | undefined;
}

/**
 * A report as one self-contained page: no script, nothing loaded, light and dark, fit to print and to be read
 * aloud. Secrets are in neither form, for no report holds them; files are named without their folders.
 *
 * @param trace the connections message by message; absent: the page has no ladder
 */
export function renderHtmlReport(
  report: CheckReport,
  trace?: readonly Trace[],
  { redact: hide = true, version }: HtmlReportOptions = {},
): string {
  const shown = { report, trace };
  const paths = withoutPaths(shown);
  return page(hide ? redact(paths) : paths, { redacted: hide, version });
}
