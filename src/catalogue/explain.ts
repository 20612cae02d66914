import type { DiagnosisCode, OperationCode } from '../codes.js';
import { type AcknowledgementCode, acknowledgementCodes, acknowledgementIn } from './acknowledgements.js';
import { type TlsAlert, tlsAlerts } from './alerts/index.js';
import {
  type ClientCode,
  clientCodeBare,
  clientCodeNamed,
  clientCodeOfCall,
  clientCodes,
} from './client-codes.js';
import { type ReturnCode, returnCodes } from './connack.js';
import { diagnosisCatalogue, diagnosisEntry, isDiagnosisCode } from './diagnoses/index.js';
import type { Entry } from './entry.js';
import { type KnownMessage, knownMessages } from './messages/index.js';
import { isOperationCode, operationCatalogue } from './operations.js';
import { type ReasonCode, reasonCodes } from './reason-codes/index.js';
import { alertIn, numberIn } from './recognise.js';
import { similarTo } from './similar.js';

export type ExplainedKind =
  | 'diagnosis'
  | 'operation'
  | 'connack'
  | 'reason-code'
  | 'tls-alert'
  | 'acknowledgement'
  | 'client-code'
  | 'message';

/** One thing that is explained. */
export interface Explained extends Entry {
  readonly kind: ExplainedKind;
  /** How it is called: `tls.silent`, `CONNACK 3`, `0x87`, `alert 48`, or who prints the message. */
  readonly name: string;
  /** The diagnoses that it can come down to, the likeliest first; for messages only. */
  readonly codes?: readonly DiagnosisCode[];
}

export interface Explanation {
  /** What it can be; empty: nobody here knows it. */
  readonly matches: readonly Explained[];
  /** What it may have been meant to be, where nothing matches. */
  readonly suggestions: readonly string[];
}

/** A pasted log is longer than this; the cause stands at its beginning. */
const longest = 20_000;

/**
 * Explains a diagnosis code of sapcert, a CONNACK return code (`rc=3`, `3`), a reason code of MQTT 5 (`0x87`,
 * `135`), a TLS alert (`alert 48`, `unknown_ca`), an acknowledgement of SAP's gateway (`202`), a return value of
 * paho for Python or libmosquitto (`MQTT_ERR_NO_CONN`), or an error message of OpenSSL, Node, paho, mosquitto,
 * MQTT.js, mbedTLS, wolfSSL, ESP-IDF, Go or Java. Never throws; needs no network.
 */
export function explain(text: string | number): Explanation {
  const query = String(text).slice(0, longest).trim();
  const matches = matchesOf(query);
  return { matches, suggestions: matches.length > 0 ? [] : similarTo(query, allNames()) };
}

function matchesOf(query: string): readonly Explained[] {
  const code = query.toLowerCase();
  if (isDiagnosisCode(code)) return [ofDiagnosis(code)];
  if (isOperationCode(code)) return [ofOperation(code)];
  const ofCall = clientCodeOfCall(query);
  if (ofCall !== undefined && ofCall.code !== connectionLost) return [ofClientCode(ofCall)];
  const { connack, reason, alert = alertIn(query) } = numberIn(query);
  const [bare, acknowledgement] = [clientCodeBare(query), acknowledgementIn(query)];
  const found = [
    ...(bare === undefined || bare.code === connectionLost ? [] : [ofClientCode(bare)]),
    ...(acknowledgement === undefined ? [] : [ofAcknowledgement(acknowledgement)]),
    ...(connack === undefined ? [] : [ofReturnCode(connack.code, connack)]),
    ...(reason === undefined ? [] : [ofReasonCode(reason)]),
    ...(alert === undefined ? [] : [ofAlert(alert)]),
  ];
  if (found.length > 0) return found;
  const message = knownMessages.find(({ pattern }) => pattern.test(query));
  if (message !== undefined) return [ofMessage(message)];
  const named = clientCodeNamed(query);
  return named === undefined ? mentionedCodes(query) : [ofClientCode(named)];
}

/** Of this one the messages have more to say. */
const connectionLost = 7;

/** A line of sapcert's own output holds the code in brackets. */
function mentionedCodes(query: string): readonly Explained[] {
  const words = query.match(/[a-z-]+\.[a-z0-9-]+/g) ?? [];
  return words.flatMap((word) =>
    isDiagnosisCode(word) ? [ofDiagnosis(word)] : isOperationCode(word) ? [ofOperation(word)] : [],
  );
}

function ofDiagnosis(code: DiagnosisCode): Explained {
  return { kind: 'diagnosis', name: code, ...diagnosisEntry(code) };
}

function ofOperation(code: OperationCode): Explained {
  return { kind: 'operation', name: code, ...operationCatalogue[code] };
}

function ofReturnCode(code: number, { name: words, ...entry }: ReturnCode): Explained {
  return { kind: 'connack', ...plainEntry(entry), name: `CONNACK ${code}, ${words}` };
}

function ofReasonCode({ code, name, packets, ...entry }: ReasonCode): Explained {
  const hex = `0x${code.toString(16).toUpperCase().padStart(2, '0')}`;
  return {
    kind: 'reason-code',
    ...plainEntry(entry),
    name: `${hex} (${code}), ${name}, in ${packets.join(', ')}`,
  };
}

function ofAlert({ number, name, ...entry }: TlsAlert): Explained {
  return { kind: 'tls-alert', ...plainEntry(entry), name: `alert ${number}, ${name}` };
}

function ofAcknowledgement({ code, name, ...entry }: AcknowledgementCode): Explained {
  return { kind: 'acknowledgement', ...plainEntry(entry), name: `acknowledgement ${code}, ${name}` };
}

function ofClientCode({ code, name, ...entry }: ClientCode): Explained {
  return { kind: 'client-code', ...plainEntry(entry), name: `${name} (${code})` };
}

function plainEntry({ title, explanation, causes, remedy, source }: Entry): Entry {
  return { title, explanation, causes, remedy, source };
}

/** The command that tells the causes apart: without the network where all of them lie in a file. */
function findOut(means: readonly DiagnosisCode[]): readonly string[] {
  const which = means.length === 1 ? 'Let sapcert look:' : 'Let sapcert find out which of them it is:';
  const local = means.every((code) => /^(?:file|key|certificate|chain)\./.test(code));
  return [
    which,
    local ? '$ sapcert strip device.pem -o newcert.pem' : '$ sapcert check device.pem --host HOST',
  ];
}

function ofMessage(known: KnownMessage): Explained {
  const { program, explanation, means, remedy = [] } = known;
  const name = `a message of ${program}`;
  if (known.own !== undefined) {
    return {
      kind: 'message',
      name,
      explanation,
      remedy,
      source: `what ${program} prints`,
      codes: [],
      ...known.own,
    };
  }
  const [first] = known.means;
  return {
    kind: 'message',
    name,
    title: diagnosisEntry(first).title,
    explanation,
    causes: means.map((code) => `${sentence(diagnosisEntry(code).title)} (${code})`),
    remedy: [...remedy, ...(remedy.some((line) => line.startsWith('$ ')) ? [] : findOut(means))],
    source: diagnosisEntry(first).source,
    codes: means,
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** All that can be explained by name, in groups and in order. */
export function everything(): readonly { readonly title: string; readonly entries: readonly Explained[] }[] {
  return [
    { title: 'Diagnoses', entries: keysOf(diagnosisCatalogue).map(ofDiagnosis) },
    { title: 'Errors of this machine', entries: keysOf(operationCatalogue).map(ofOperation) },
    {
      title: 'CONNACK return codes of MQTT 3.1 and 3.1.1',
      entries: Object.values(returnCodes).map((entry, code) => ofReturnCode(code, entry)),
    },
    { title: 'Reason codes of MQTT 5', entries: reasonCodes.map(ofReasonCode) },
    { title: 'TLS alerts', entries: tlsAlerts.map(ofAlert) },
    { title: 'Acknowledgements of SAP’s gateway', entries: acknowledgementCodes.map(ofAcknowledgement) },
    { title: 'Return values of paho for Python and libmosquitto', entries: clientCodes.map(ofClientCode) },
  ];
}

function keysOf<Key extends string>(record: Readonly<Record<Key, Entry>>): readonly Key[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the catalogues are literals with these keys only
  return Object.keys(record) as Key[];
}

function allNames(): readonly string[] {
  return [
    ...keysOf(diagnosisCatalogue),
    ...keysOf(operationCatalogue),
    ...tlsAlerts.map(({ name }) => name),
    ...clientCodes.map(({ name }) => name),
    ...reasonCodes.map(({ code }) => `0x${code.toString(16).toUpperCase().padStart(2, '0')}`),
  ];
}
