import { beforeAll, describe, expect, test } from '@jest/globals';
import { diagnosisCatalogue } from '../../src/catalogue/index.js';
import { describeWithPeer, hasPeer, type Peer } from '../support/peers.js';
import { runRow, type Row } from './check-row.js';
import { pool } from './pool.js';
import { saveRecorded } from './record.js';
import { failures, healthy } from './rows/index.js';
import { openLab } from './stand.js';

/** Rows side by side; most of a row's time is waiting. */
const width = 6;
const repeat = Number(process.env['SAPCERT_LAB_REPEAT'] ?? '1');
const only = process.env['SAPCERT_LAB_ONLY'] ?? '';
const patience = 10 * 60_000 * repeat;

const chosen = (rows: readonly Row[]): readonly Row[] => rows.filter(({ name }) => name.includes(only));

const results = new Map<Row, PromiseSettledResult<string>>();

// All rows run here and not each in its test: what is loaded or called between two tests, Jest forbids.
beforeAll(async () => {
  const lab = await openLab();
  const inTurn = pool(width);
  const runnable = chosen([...failures, ...healthy]).filter(({ needs = [] }) => needs.every(hasPeer));
  const runs = runnable.flatMap((row) => Array.from({ length: repeat }, () => row));
  const said = await Promise.allSettled(runs.map(async (row) => inTurn(async () => runRow(lab, row))));
  for (const [at, row] of runs.entries()) {
    const [known, result] = [results.get(row), said[at]];
    if (result !== undefined && (known === undefined || passed(known))) results.set(row, result);
  }
  saveRecorded();
  await lab.close();
}, patience);

function passed(result: PromiseSettledResult<string>): boolean {
  return result.status === 'fulfilled' && result.value === '';
}

describeRows('failures are named', chosen(failures));
describeRows('healthy set-ups give no alarm', chosen(healthy));

test('every diagnosis code is the first answer of a row', () => {
  // A chain that has no gap at the broker is no matter of a connection: `inspect` alone speaks of it.
  const elsewhere = new Set(['chain.incomplete']);
  const reached = new Set<string>(failures.flatMap(({ expect }) => expect.codes));
  const mentioned = new Set([
    ...failures.flatMap(({ expect }) => expect.also),
    ...healthy.flatMap(({ warns = [] }) => warns),
  ]);
  expect([...onlyWarnings].filter((code) => !mentioned.has(code))).toEqual([]);
  expect(
    Object.keys(diagnosisCatalogue).filter(
      (code) => !reached.has(code) && !onlyWarnings.has(code) && !elsewhere.has(code),
    ),
  ).toEqual([]);
});

/** What keeps no device from connecting by itself: rows expect these as warnings, or beside the answer. */
const onlyWarnings = new Set(['certificate.expires-soon', 'chain.wrong-order']);

function describeRows(title: string, rows: readonly Row[]): void {
  for (const [needs, group] of groupByNeeds(rows)) {
    const body = (): void => {
      test.each(group.map((row) => [row.name, row] as const))('%s', (_, row) => {
        const result = results.get(row);
        if (result?.status === 'rejected') throw result.reason;
        expect(result?.value).toBe('');
      });
    };
    if (needs === '') describe(title, body);
    else describeWithPeer(needs.split(' ') as Peer[], `${title} (${needs})`, body);
  }
}

function needsOf({ needs = [] }: Row): string {
  return needs.toSorted().join(' ');
}

function groupByNeeds(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(needsOf(row), [...(groups.get(needsOf(row)) ?? []), row]);
  return groups;
}
