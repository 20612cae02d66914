import type { Certainty, CheckOptions, CheckReport } from '../../src/check/index.js';
import type { DiagnosisCode } from '../../src/codes.js';
import type { Peer } from '../support/programs.js';
import type { Stand } from './stand.js';

/** The device side of a row, as the options of a check. */
export type Setup = CheckOptions;

interface RowBase {
  readonly name: string;
  /** Programs that must be on this machine. */
  readonly needs?: readonly Peer[];
  readonly setup: (stand: Stand) => Promise<Setup>;
}

/** Something is wrong, and only the wire, the file and experiments tell what. */
export interface FailureRow extends RowBase {
  readonly expect: Expectation;
  /** What a tool's output must match to have named the cause; judged for other tools by `peers.ts`. */
  readonly named: RegExp;
  /** The failure is in the bundle itself: other tools get the file as it stands. */
  readonly fileOnly?: true;
  /** What other tools must be told to come to the point of failure. */
  readonly tools?: 'publish' | 'subscribe' | 'mqtt5' | 'stay';
}

/** Nothing is wrong. */
export interface HealthyRow extends RowBase {
  /** Warnings that must stand in the report. */
  readonly warns?: readonly string[];
}

export interface Expectation {
  /** The first diagnosis must be one of these. */
  readonly codes: readonly [DiagnosisCode, ...DiagnosisCode[]];
  /** Whether all of them must be listed. */
  readonly all: boolean;
  readonly certainty: readonly Certainty[];
  /** Codes that may stand in no diagnosis, because what was seen rules them out. */
  readonly never: readonly DiagnosisCode[];
  /** Codes that must stand somewhere among diagnoses and warnings. */
  readonly also: readonly string[];
  /** What the printed report must say. */
  readonly says: readonly RegExp[];
  /** Experiments that must be shown, each with its outcome. */
  readonly experiments: Readonly<Record<string, CheckReport['experiments'][number]['outcome']>>;
}

type More = Partial<Omit<Expectation, 'codes' | 'all'>>;

/** The evidence leaves no other cause. */
export function proven(code: DiagnosisCode, more: More = {}): Expectation {
  return expectation([code], ['proven'], more);
}

/** The evidence fits this cause better than any other, and a careful observer would not swear to it. */
export function likely(code: DiagnosisCode, more: More = {}): Expectation {
  return expectation([code], ['likely'], more);
}

/** It is this cause; whether what was seen proves it is a matter of taste. */
export function named(code: DiagnosisCode, more: More = {}): Expectation {
  return expectation([code], ['proven', 'likely'], more);
}

/** The evidence on the wire cannot separate these: all must be listed, none of them as proven. */
export function oneOf(
  codes: readonly [DiagnosisCode, DiagnosisCode, ...DiagnosisCode[]],
  more: More = {},
): Expectation {
  return expectation(codes, ['likely', 'possible'], more);
}

/** One cause that can be told in several codes, with any certainty but where it is narrowed. */
export function anyOf(codes: Expectation['codes'], more: More = {}): Expectation {
  return { ...expectation(codes, ['proven', 'likely', 'possible'], more), all: false };
}

function expectation(codes: Expectation['codes'], certainty: readonly Certainty[], more: More): Expectation {
  return { codes, all: true, certainty, never: [], also: [], says: [], experiments: {}, ...more };
}
