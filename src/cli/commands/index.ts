import type { ExitCode } from '../exit-code.js';
import type { Arguments, CommandSpec } from '../options.js';
import type { Terminal } from '../terminal.js';
import { checkSpec, runCheck } from './check.js';
import { combineSpec, runCombine } from './combine.js';
import { explainSpec, runExplain } from './explain.js';
import { inspectSpec, runInspect } from './inspect.js';
import { runSandbox, sandboxSpec } from './sandbox.js';
import { runSend, sendSpec } from './send.js';
import { runSplit, splitSpec } from './split.js';
import { runStrip, stripSpec } from './strip.js';

export interface Command {
  readonly spec: CommandSpec;
  readonly run: (args: Arguments, terminal: Terminal) => Promise<ExitCode>;
}

/** In the order of the help. What a command needs beyond its options it loads when it runs. */
export const commands: readonly Command[] = [
  { spec: stripSpec, run: runStrip },
  { spec: splitSpec, run: runSplit },
  { spec: combineSpec, run: runCombine },
  { spec: inspectSpec, run: runInspect },
  { spec: checkSpec, run: runCheck },
  { spec: sendSpec, run: runSend },
  { spec: sandboxSpec, run: runSandbox },
  { spec: explainSpec, run: runExplain },
];
