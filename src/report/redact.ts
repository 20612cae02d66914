import { basename } from 'node:path/posix';
import type { CertificateFacts, CheckReport, StageEvidence, Trace } from '../check/index.js';
import { collectFromText, collectNames, foreignHosts } from './personal-texts.js';
import { Pseudonyms } from './pseudonyms.js';

/** What a report shows of a check. */
export interface Shown {
  readonly report: CheckReport;
  readonly trace: readonly Trace[] | undefined;
}

/**
 * Takes out what names a person, a company or a machine: hosts, addresses, device and client ids, the names in
 * certificates, topics, serial numbers, fingerprints. Each gets a pseudonym that is the same wherever it stands.
 * Names that everybody knows stay, because the story is about them: SAP's authorities and the public ones.
 */
export function redact({ report, trace }: Shown): Shown {
  const names = new Pseudonyms();
  collectTarget(report, names);
  for (const stages of allStages(report)) for (const stage of stages) collectStage(stage, names);
  for (const { facts } of report.experiments) {
    names.add('client', facts?.clientId);
    collectFromText(facts?.address ?? '', names);
    collectForeign(facts, names);
  }
  for (const text of textsIn([report, trace])) collectFromText(text, names);
  for (const text of textsIn(trace)) foreignHosts(text, names);
  return mapTexts(withoutPaths({ report, trace }), (text) => names.replaceIn(text));
}

/** Where files lie says something about the user and nothing about the problem: their names will do. */
export function withoutPaths(shown: Shown): Shown {
  const paths = filePaths(shown.report).filter((path) => /[\\/]/.test(path));
  if (paths.length === 0) return shown;
  const shorten = (text: string): string =>
    paths.reduce((rest, path) => rest.replaceAll(path, basename(path.replaceAll('\\', '/'))), text);
  return mapTexts(shown, shorten);
}

function filePaths({ stages }: CheckReport): readonly string[] {
  const file = stages.find(({ stage }) => stage === 'file');
  if (file?.stage !== 'file' || file.outcome === 'skipped') return [];
  const { name, trust, defects } = file.facts;
  const named = [name, trust?.name, ...(defects ?? []).map(({ place }) => place?.file)];
  return named.filter((path) => path !== undefined).toSorted((a, b) => b.length - a.length);
}

function collectTarget({ target }: CheckReport, names: Pseudonyms): void {
  for (const host of [target.host, target.serverName, target.verifyName])
    names.add('host', withoutAddress(host));
  names.add('device', target.ownDeviceId);
  names.add('device', target.deviceId);
  names.add('client', target.clientId);
}

function allStages({ stages, experiments }: CheckReport): readonly (readonly StageEvidence[])[] {
  return [stages, ...experiments.map((experiment) => experiment.stages)];
}

function collectStage(evidence: StageEvidence, names: Pseudonyms): void {
  if (evidence.outcome === 'skipped') return;
  switch (evidence.stage) {
    case 'file': {
      const { leaf, chain, device, trust } = evidence.facts;
      names.add('device', device?.deviceId);
      for (const certificate of [leaf, ...chain, ...(trust?.certificates ?? [])])
        collectCertificate(certificate, names);
      break;
    }
    case 'dns':
      names.add('host', withoutAddress(evidence.facts.name));
      break;
    case 'tcp':
      break;
    case 'tls':
      collectTls(evidence.facts, names);
      break;
    case 'mqtt':
      names.add('client', evidence.facts.clientId);
      for (const { topic } of evidence.facts.subscriptions) collectTopic(topic, names);
      break;
    case 'ack':
      for (const topic of [evidence.facts.publish?.topic, evidence.facts.ackTopic])
        collectTopic(topic, names);
      break;
    default:
      return evidence satisfies never;
  }
  collectForeign(evidence.facts, names);
}

type TlsEvidence = Extract<StageEvidence, { stage: 'tls'; outcome: 'ok' | 'failed' }>;

function collectTls({ serverChain, verdict }: TlsEvidence['facts'], names: Pseudonyms): void {
  for (const certificate of serverChain) collectCertificate(certificate, names);
  for (const name of verdict?.certificateNames ?? []) collectHost(name, names);
}

function collectCertificate(certificate: CertificateFacts | undefined, names: Pseudonyms): void {
  if (certificate === undefined) return;
  names.add('serial', certificate.serial);
  names.add('fingerprint', certificate.sha256);
  for (const name of certificate.names ?? []) collectHost(name, names);
  collectNames(certificate.subject, names);
  collectNames(certificate.issuer, names);
}

/** `DNS:*.example.com`, `example.com` */
function collectHost(name: string, names: Pseudonyms): void {
  const host = name.replace(/^DNS:/, '').replace(/^\*\./, '');
  if (/^[\w.-]+$/.test(host)) names.add('host', withoutAddress(host));
}

/** Addresses are told from names by their form, wherever they stand. */
function withoutAddress(host: string | undefined): string | undefined {
  return host === undefined || /^[\d.]+$|:/.test(host) ? undefined : host;
}

/** `measures/device-1` tells what a topic is for; other topics are the user's own words. */
function collectTopic(topic: string | undefined, names: Pseudonyms): void {
  if (topic !== undefined && !/^(?:measures|ack|commands)\/[^/]*$/.test(topic)) names.add('topic', topic);
}

/** What peers said in their own words: they may name hosts. */
const foreignFields = new Set([
  'reasonString',
  'sample',
  'statusLine',
  'server',
  'serverReference',
  'messages',
  'properties',
  'issuerUrls',
]);

function collectForeign(facts: unknown, names: Pseudonyms): void {
  if (typeof facts !== 'object' || facts === null) return;
  for (const [key, value] of Object.entries(facts)) {
    if (foreignFields.has(key)) for (const text of textsIn(value)) foreignHosts(text, names);
    if (key === 'assignedClientIdentifier' && typeof value === 'string') names.add('client', value);
    collectForeign(value, names);
  }
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Words of sapcert itself, which no name may change. */
const ownWords = new Set([
  'stage',
  'outcome',
  'certainty',
  'source',
  'arrow',
  'tone',
  'profile',
  'until',
  'clientIdFrom',
  'reach',
  'connection',
  'checkedAt',
  'environment',
  'format',
  'key',
  'signature',
]);

/** The same value with every text in it changed, except sapcert's own words. */
function mapTexts<T>(value: T, change: (text: string) => string): T {
  const walk = (part: unknown): unknown => {
    if (typeof part === 'string') return change(part);
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).map(([key, inner]) => [key, isOwnWord(key, inner) ? inner : walk(inner)]),
    );
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- texts stay texts, and all else is kept
  return walk(value) as T;
}

function isOwnWord(key: string, value: unknown): boolean {
  if (ownWords.has(key)) return true;
  return (key === 'code' || key === 'id') && typeof value === 'string' && /^[a-z0-9.-]+$/.test(value);
}
