import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { diagnoseSaved, exitCode, renderReport } from '../../../src/check/index.js';
import { encode } from '../../../src/connector/encode.js';
import { ndjsonLines, type NdjsonLine } from '../../../src/connector/ndjson.js';
import { SapcertError } from '../../../src/errors.js';
import { readSecretTable } from '../../../src/fleet/secrets.js';
import { renderHtmlReport } from '../../../src/report/index.js';
import { ladderRows, renderLadder, traceConnection } from '../../../src/wire/index.js';
import { recorded } from '../../wire/recorded.js';
import { joinFrames, splitFrames } from '../frames.js';
import { mutateBytes } from '../mutate/bytes.js';
import { mutateFrames } from '../mutate/frames.js';
import { mutateJson } from '../mutate/json.js';
import { mutateLines } from '../mutate/text.js';
import type { Reader } from '../reader.js';

/** What `send` reads, in chunks as they come: the lines must not depend on them. */
export const ndjson: Reader = {
  name: 'ndjson',
  seeds: () => {
    const measure = '{"capabilityAlternateId":"c","sensorAlternateId":"s","measures":[["25"]]}';
    const texts = [
      `${measure}\n${measure.replace('{', '{"measureMessageId":"a",')}\n`,
      `\ufeff${measure}\r\n\r\n  \n[${measure},{"measureMessageId":7}]`,
      `{}\n[]\n"x"\nnull\n{"measureMessageId":null}\n${'x'.repeat(600)}\n`,
    ];
    return texts.map((text) =>
      joinFrames(text.match(/[^]{1,50}/g)?.map((part) => ({ kind: 0, bytes: Buffer.from(part) })) ?? []),
    );
  },
  mutate: [mutateFrames, mutateFrames, mutateBytes],
  refuses: undefined,
  read: async (input) => {
    const pieces = splitFrames(input).map(({ bytes }) => bytes);
    const lines = await linesOf(pieces);
    const whole = await linesOf([Buffer.concat(pieces)]);
    if (JSON.stringify(lines) !== JSON.stringify(whole)) throw new Error('the chunks change the lines');
    let next = 0;
    const results = lines.map((line) => ({ line, message: encode(line, () => `id-${(next += 1)}`) }));
    for (const { line, message } of results)
      if (!(message instanceof SapcertError)) expectSame(line, message);
    return results.some(({ message }) => message instanceof SapcertError) ? 'with defects' : 'messages';
  },
};

async function linesOf(pieces: readonly Uint8Array[]): Promise<readonly NdjsonLine[]> {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* pieces;
  }
  const lines: NdjsonLine[] = [];
  for await (const line of ndjsonLines(source(), { maximumLength: 500 })) lines.push(line);
  return lines;
}

/** Nothing is added to a message but its id. */
function expectSame(
  { bytes }: NdjsonLine,
  { payload, ids }: { payload: string | Buffer; ids: readonly string[] },
): void {
  const withoutId = (json: unknown): string =>
    JSON.stringify(json, (name, value: unknown) => (name === 'measureMessageId' ? undefined : value));
  const [before, after] = [Buffer.from(bytes).toString(), payload.toString()].map(
    (text) => JSON.parse(text) as unknown,
  );
  if (withoutId(before) !== withoutId(after)) throw new Error('the message is another one now');
  const found = (Array.isArray(after) ? after : [after]).map((message: { measureMessageId?: unknown }) =>
    String(message.measureMessageId),
  );
  if (JSON.stringify(found) !== JSON.stringify(ids)) throw new Error('the ids are not those of the message');
}

/** The table of secrets of a fleet. */
export const secrets: Reader = {
  name: 'secrets-table',
  seeds: () =>
    [
      'file,secret\ndevice.pem,jJ3fF7dD0rR2\n"a ""b"".pem","x,y\nz"\n',
      'Device ID;Passwort;note\r\npump-1;s1;x\r\npump-2;s2;\r\n',
      'device.pem\ts1\ndevice2.pem\ts2\n',
      '{"device.pem":"s1","pump-0001":"s2"}',
      '[{"file":"device.pem","secret":"s1"},{"device":"pump-1","password":"s2"}]',
    ].map((text) => Buffer.from(text)),
  mutate: [mutateLines, mutateJson, mutateBytes],
  refuses: /^file\.malformed$/,
  read: (input) => {
    const table = readSecretTable(Buffer.from(input).toString(), 'fuzz');
    for (const [key, secret] of table) {
      if (key === '' || secret === '' || typeof secret !== 'string')
        throw new Error('a row without a secret');
    }
  },
};

/** As the laboratory (test/lab) saw them. */
function recordedReports(): readonly object[] {
  const path = join(process.cwd(), 'test/lab/recorded.jsonl.gz');
  const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
  return lines.map((line) => (JSON.parse(line) as { report: object }).report);
}

async function savedReports(): Promise<Buffer[]> {
  const reports = recordedReports().filter((_, index) => index % 12 === 0);
  const rows = ladderRows(
    await traceConnection(
      recorded([
        ['client', Buffer.from('101000044d5154540402003c000474657374', 'hex')],
        ['server', Buffer.from('20020005', 'hex')],
      ]),
    ),
  );
  return reports.map((report, index) =>
    Buffer.from(
      JSON.stringify(index % 3 === 0 ? { ...report, trace: [{ connection: 'first-pass', rows }] } : report),
    ),
  );
}

const reports = await savedReports();

/** What `check --from` reads: whatever is accepted has to be shown, as text, as JSON and as a page. */
export const savedCheck: Reader = {
  name: 'saved-check',
  share: 0.1,
  seeds: () => reports,
  mutate: [mutateJson, mutateJson, mutateJson, mutateBytes],
  refuses: /^file\.malformed$/,
  read: (input) => {
    const { report, trace } = diagnoseSaved(Buffer.from(input).toString(), 'fuzz');
    renderReport(report, { width: 80 });
    for (const { rows } of trace ?? []) renderLadder(rows, 80);
    renderHtmlReport(report, trace);
    return `exit ${exitCode(report)}`;
  },
};
