import type { WireEvent } from '../events.js';
import type { MqttPacketView } from '../mqtt/packets.js';
import { describeMqtt } from './mqtt-rows.js';
import type { RowText, Tone } from './row.js';
import { describeConnection } from './connection-rows.js';
import { describeTls } from './tls-rows.js';

/** One step of the connection. Texts hold no control characters. */
export interface LadderRow {
  /** Milliseconds since the recording began. */
  readonly at: number;
  /** `right` goes from the client to the server; `none` is something that was not sent. */
  readonly arrow: 'right' | 'left' | 'none';
  readonly title: string;
  readonly details: readonly string[];
  readonly tone: Tone;
  readonly encrypted: boolean;
}

/** Words that are kept elsewhere, for all who need them. */
export interface LadderOptions {
  readonly explainAlert?: ((number: number) => string | undefined) | undefined;
  readonly explainMqtt?: ((packet: MqttPacketView) => string | undefined) | undefined;
}

/** The connection step by step, to be shown as text or as a picture. */
export function ladderRows(events: readonly WireEvent[], options: LadderOptions = {}): readonly LadderRow[] {
  const speaksMqtt = new Set(events.filter(({ kind }) => kind === 'mqtt').map(({ from }) => from));
  const overTls = events.some(({ kind }) => kind === 'serverHello');
  const rows: Step[] = synOf(events);
  for (const event of events) {
    // What MQTT says for itself is not shown as bytes as well.
    if (event.kind === 'applicationData' && speaksMqtt.has(event.from)) continue;
    const text = describe(event, options);
    if (text === undefined) continue;
    const encrypted = event.kind === 'mqtt' ? overTls : 'encrypted' in event && event.encrypted;
    rows.push(toStep(event, text, encrypted));
  }
  return bounded(mergeSteps(rows));
}

/** A connection in earnest has some dozens of steps. Of a flood its beginning and its end tell enough. */
const shownOfFlood = { first: 150, last: 50 };

function bounded(rows: readonly LadderRow[]): readonly LadderRow[] {
  const { first, last } = shownOfFlood;
  const leftOut = rows.slice(first, -last);
  const [from] = leftOut;
  if (from === undefined || rows.length <= first + last) return rows;
  const title = `${leftOut.length} more steps, not shown`;
  const gap: LadderRow = { at: from.at, arrow: 'none', title, details: [], tone: 'note', encrypted: false };
  return [...rows.slice(0, first), gap, ...rows.slice(-last)];
}

type Step = LadderRow & { readonly mergeable: boolean };

function describe(event: WireEvent, { explainAlert, explainMqtt }: LadderOptions): RowText | undefined {
  if (event.kind === 'mqtt') return describeMqtt(event.packet, explainMqtt);
  return 'encrypted' in event ? describeTls(event, explainAlert) : describeConnection(event);
}

function toStep({ at, from }: WireEvent, text: RowText, encrypted: boolean): Step {
  const { title, details = [], tone = 'plain', mergeable = false } = text;
  const arrow = text.arrow ?? (from === 'client' ? 'right' : 'left');
  return { at, arrow, title, details, tone, encrypted, mergeable };
}

/** The SYN is not recorded, but it is what the recording began with. */
function synOf(events: readonly WireEvent[]): Step[] {
  const tried = events.some(({ kind }) => kind === 'tcpConnect' || kind === 'tcpError');
  if (!tried) return [];
  return [
    { at: 0, arrow: 'right', title: 'SYN', details: [], tone: 'plain', encrypted: false, mergeable: false },
  ];
}

/** Tickets, pings and records that nobody can read come in runs: of each run one row. */
function mergeSteps(steps: readonly Step[]): LadderRow[] {
  const rows: LadderRow[] = [];
  for (let index = 0; index < steps.length;) {
    const run = runLength(steps, index);
    const first = steps[index];
    index += run;
    if (first === undefined) break;
    const { mergeable: _, ...row } = first;
    rows.push(run === 1 ? row : { ...row, title: `${row.title}, ${run} times`, details: [] });
  }
  return rows;
}

function runLength(steps: readonly Step[], start: number): number {
  const first = steps[start];
  let end = start + 1;
  if (first?.mergeable !== true) return 1;
  while (steps[end]?.title === first.title && steps[end]?.arrow === first.arrow) end += 1;
  return end - start;
}
