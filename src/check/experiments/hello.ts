import { decodeWire, wireFacts } from '../../wire/index.js';
import type { DiagnosisCode } from '../../codes.js';
import type { Ran } from '../evidence.js';
import { Channel } from '../probes/channel.js';
import { since } from '../probes/deadline.js';
import { tlsFacts } from '../probes/tls-facts.js';
import { tlsOptions } from '../tls-plan.js';
import { clientHello, type HelloOffer } from './client-hello.js';
import type { Bench, Experiment, Result } from './experiment.js';
import { failedEarly, failureOf, patience, summaryOf } from './varied.js';

/** What the server would choose, asked with a ClientHello alone: no certificate, no key, nothing after it. */

const open: readonly DiagnosisCode[] = [
  'tcp.closed',
  'tcp.reset',
  'tls.handshake-failed',
  'tls.no-common-cipher',
  'tls.sni-rejected',
];

export const anyCipher: Experiment = {
  id: 'any-cipher',
  title: 'asked what the server chooses when every cipher is offered',
  separates: open,
  confirms: ['tls.version-mismatch'],
  prepare: (bench) => {
    const failure = failureOf(bench);
    const useful =
      failure === 'alert-before-hello' || failure === 'closed-at-once' || failure === 'reset-at-once';
    return useful ? () => askAll(bench) : undefined;
  },
};

/** A server that has nothing to offer in TLS 1.3, as one with pre-shared keys only, says so before it looks further. */
async function askAll(bench: Bench): Promise<Result> {
  const first = await ask(bench, 'any-cipher', [0x0304, 0x0303, 0x0302, 0x0301]);
  if (first.outcome !== 'refused') return first;
  const older = await ask(bench, 'any-cipher', [0x0303, 0x0302, 0x0301]);
  return older.outcome === 'accepted' ? older : first;
}

export const oldTls: Experiment = {
  id: 'old-tls',
  title: 'asked whether the server speaks TLS 1.0 or 1.1',
  separates: [...open, 'tls.silent'],
  confirms: ['tls.version-mismatch'],
  prepare: (bench) => {
    const { target, experiment } = bench.view;
    const known =
      experiment('any-cipher')?.outcome === 'accepted' || experiment('tls-1.2')?.outcome === 'accepted';
    return failedEarly(bench) && target.tlsVersion === undefined && !known
      ? () => ask(bench, 'old-tls', [0x0302, 0x0301])
      : undefined;
  },
};

async function ask(bench: Bench, id: Experiment['id'], versions: HelloOffer['versions']): Promise<Result> {
  const start = performance.now();
  const connection = await bench.connect(id);
  if (connection === undefined) return { outcome: 'no-answer', summary: 'no connection' };
  const channel = new Channel(connection.stream);
  channel.write(clientHello({ versions, serverName: bench.context.target.serverName }));
  let timedOut = false;
  const answered = (): boolean => {
    const { serverHello, helloRetryRequest, alerts } = wireFacts(decodeWire(connection.recording).events);
    return channel.ended || serverHello !== undefined || helloRetryRequest || alerts.length > 0;
  };
  try {
    await channel.until(answered, bench.deadline.within(patience(bench)));
  } catch {
    timedOut = true;
  }
  const options = tlsOptions(bench.context, { certificates: 'none' });
  const facts = tlsFacts(connection, options, { reach: 'nothing', timedOut, lowered: false });
  channel.close();
  const tls: Ran<'tls'> = { stage: 'tls', outcome: 'failed', ms: since(start), facts };
  const chosen =
    facts.version === undefined ? undefined : `it chooses ${facts.version}, ${facts.cipher ?? 'unknown'}`;
  const outcome = chosen !== undefined ? 'accepted' : timedOut ? 'no-answer' : 'refused';
  return { outcome, summary: chosen ?? summaryOf([tls]), stages: [tls] };
}
