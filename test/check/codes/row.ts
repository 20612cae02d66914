import type { AlertFacts, Certainty, Evidence } from '../../../src/check/index.js';
import type { DiagnosisCode } from '../../../src/codes.js';
import { serverLeaf } from '../evidence.js';

/** A piece of recorded evidence and what must be the first answer to it. */
export interface Row {
  readonly what: string;
  readonly evidence: Evidence;
  readonly first: DiagnosisCode;
  readonly certainty: Certainty;
  /** Further codes that must stand among the diagnoses. */
  readonly also?: readonly DiagnosisCode[];
  /** Codes that must not. */
  readonly never?: readonly DiagnosisCode[];
}

export function row(
  what: string,
  first: DiagnosisCode,
  certainty: Certainty,
  evidence: Evidence,
  more: Pick<Row, 'also' | 'never'> = {},
): Row {
  return { what, evidence, first, certainty, ...more };
}

export function serverAlert(number: number, name: string): AlertFacts {
  return { from: 'server', level: 'fatal', number, name, at: 30 };
}

export const closed = { by: 'server', how: 'fin', at: 40 } as const;
export const reset = { by: 'server', how: 'rst', at: 40 } as const;

/** The server ended the handshake once it had seen our certificate. */
export function refusedBy(number: number | undefined, name = '') {
  const alerts = number === undefined ? [] : [serverAlert(number, name)];
  return { reach: 'secured', alerts, end: closed, tickets: 0 } as const;
}

/** The server's certificate did not pass. */
export function distrusted(error: string, verdict: object = {}, chain = [serverLeaf]) {
  return {
    reach: 'client-flight',
    serverChain: chain,
    verdict: {
      trusted: false,
      error,
      nameMatches: true,
      certificateNames: ['gateway.example'],
      anchored: true,
      completedByBundle: false,
      sameNameOtherKey: false,
      outOfOrder: false,
      leafIsInCaFile: false,
      issuerOfSameOrganisation: false,
      ...verdict,
    },
  } as const;
}

export const unanchored = { anchored: false, missingIssuer: 'O=Example, CN=Issuing CA' };

export function connack(code: number, name: string, more: object = {}) {
  return {
    reach: 'connect-sent',
    connack: { code, name, sessionPresent: false, properties: {}, ...more },
  } as const;
}

export const ended = { reach: 'connect-sent', connack: undefined, end: closed, during: 'connack' } as const;
