import type { X509Certificate } from 'node:crypto';
import { diagnose } from './diagnose/index.js';
import { viewOf } from './diagnose/view.js';
import type { Evidence, ExperimentEvidence } from './evidence.js';
import {
  type Bench,
  type Experiment,
  type Result,
  control,
  experiments,
  gotFurther,
  needsControl,
  needsSecond,
} from './experiments/index.js';
import type { CheckContext } from './pass.js';
import { type Connection, openConnection } from './probes/connection.js';
import { since } from './probes/deadline.js';

/** More connections than this no cause needs, and no operator likes. */
const most = 10;

export interface ExperimentRun {
  readonly context: CheckContext;
  /** Of the first pass, with no experiments yet. */
  readonly evidence: Evidence;
  readonly address: string;
  readonly serverCertificates: readonly X509Certificate[];
  readonly onStart: (experiment: Experiment) => void;
  readonly onEnd: (evidence: ExperimentEvidence) => void;
  readonly onConnection: (id: Experiment['id'], connection: Connection) => void;
}

/**
 * Tries one thing otherwise at a time, as long as the cause is open and something is left that could decide it.
 * What is tried next depends on what came of the last.
 */
export async function runExperiments(run: ExperimentRun): Promise<readonly ExperimentEvidence[]> {
  const { context } = run;
  const { timeoutMs } = context.target;
  const deadline = context.deadline.within(3 * timeoutMs);
  const done: ExperimentEvidence[] = [];
  const connections: [Experiment['id'], Connection][] = [];
  const bench = (): Bench => ({
    context,
    view: viewOf({ ...run.evidence, experiments: done }),
    serverCertificates: run.serverCertificates,
    stageMs: Math.max(500, timeoutMs / 2),
    deadline,
    connect: async (id, address = run.address) => {
      const opened = await openConnection(address, context.target.port, deadline.within(timeoutMs / 2));
      connections.push([id, opened.connection]);
      return opened.outcome === 'connected' ? opened.connection : undefined;
    },
  });
  while ((done.length < most || needsControl(bench(), done)) && !deadline.over) {
    const chosen = choose(bench(), done);
    if (chosen === undefined) break;
    run.onStart(chosen.experiment);
    const start = performance.now();
    const result = await confirmed(chosen, bench(), await chosen.act());
    const { id, title } = chosen.experiment;
    // What was broken off says nothing.
    if (context.deadline.signal?.aborted === true) break;
    const evidence: ExperimentEvidence = {
      id,
      title,
      ms: since(start),
      ...result,
      stages: result.stages ?? [],
    };
    done.push(evidence);
    run.onEnd(evidence);
    if (id === control.id && evidence.outcome === 'accepted') break;
  }
  for (const [id, connection] of connections) {
    connection.stream.destroy();
    run.onConnection(id, connection);
  }
  return done;

  function choose(at: Bench, tried: readonly ExperimentEvidence[]): Choice | undefined {
    if (needsControl(at, tried)) return prepared(control, at);
    const { diagnoses } = diagnose({ ...run.evidence, experiments: tried });
    const causes = diagnoses.filter(
      ({ code }) => !code.startsWith('certificate.') || code === 'certificate.device-id-mismatch',
    );
    const proven = causes[0]?.certainty === 'proven';
    const standing = new Set(causes.map(({ code }) => code));
    for (const experiment of experiments) {
      if (tried.some(({ id }) => id === experiment.id)) continue;
      const worth = proven
        ? (experiment.confirms ?? [])
        : [...experiment.separates, ...(experiment.confirms ?? [])];
      const act = worth.some((code) => standing.has(code)) ? experiment.prepare(at) : undefined;
      if (act !== undefined) return { experiment, act };
    }
    return undefined;
  }
}

/**
 * Behind one address there may be several servers in turn, of which one is at fault: a variation that got through has
 * to get through twice in a row, and what comes of the second time is the evidence where it does not.
 */
async function confirmed(
  { experiment, act }: Choice,
  { view, deadline }: Bench,
  first: Result,
): Promise<Result> {
  if (!needsSecond(experiment.id) || !gotFurther(first, view) || deadline.over) return first;
  const second = await act();
  if (gotFurther(second, view) || deadline.over) return first;
  const summary = `${first.summary}; and the second time: ${second.summary}`;
  return { ...second, outcome: 'refused', summary, facts: { ...second.facts, unsteady: true } };
}

function prepared(experiment: Experiment, at: Bench): Choice | undefined {
  const act = experiment.prepare(at);
  return act === undefined ? undefined : { experiment, act };
}

interface Choice {
  readonly experiment: Experiment;
  readonly act: NonNullable<ReturnType<Experiment['prepare']>>;
}
