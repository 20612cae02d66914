import type {
  AckFacts,
  CertificateFacts,
  DnsFacts,
  Evidence,
  ExperimentEvidence,
  FileFacts,
  MqttFacts,
  StageEvidence,
  Target,
  TcpFacts,
  TlsFacts,
} from '../../src/check/index.js';

/** Evidence by hand, in the form in which the probes record it. Everything is well unless a test says otherwise. */

export const now = '2026-06-01T12:00:00.000Z';

export function certificate(changes: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    subject: 'O=Example, CN=device-1',
    issuer: 'O=Example, CN=Device CA',
    serial: '01',
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2027-01-01T00:00:00Z',
    sha256: 'AA:01',
    key: { type: 'rsa', bits: 2048 },
    signature: 'sha256WithRSAEncryption',
    isCa: false,
    selfIssued: false,
    ...changes,
  };
}

export const serverLeaf = certificate({
  subject: 'CN=gateway.example',
  issuer: 'O=Example, CN=Server Root',
  sha256: 'BB:01',
  names: ['DNS:gateway.example'],
});

export const serverRoot = certificate({
  subject: 'O=Example, CN=Server Root',
  issuer: 'O=Example, CN=Server Root',
  sha256: 'CC:01',
  isCa: true,
  selfIssued: true,
});

const target: Target = {
  host: 'gateway.example',
  port: 8883,
  verifyName: 'gateway.example',
  serverName: 'gateway.example',
  serverNameGiven: false,
  profile: 'generic',
  until: 'mqtt',
  deviceId: 'device-1',
  ownDeviceId: 'device-1',
  clientId: 'device-1',
  clientIdFrom: 'certificate',
  mqttVersion: '3.1.1',
  alpn: [],
  username: false,
  password: false,
  certificate: true,
  timeoutMs: 10_000,
  watchMs: 0,
  experiments: true,
};

const file: FileFacts = {
  given: true,
  name: 'device.pem',
  format: 'pem',
  leaf: certificate(),
  chain: [],
  missingIssuer: 'O=Example, CN=Device CA',
  inOrder: true,
  defects: [],
  notes: [],
  trust: { source: 'ca-file', name: 'ca.pem', count: 1, certificates: [serverRoot] },
};

const dns: DnsFacts = {
  name: 'gateway.example',
  literal: false,
  addresses: [{ address: '192.0.2.1', family: 4 }],
  timedOut: false,
};

const tcp: TcpFacts = {
  port: 8883,
  attempts: [{ address: '192.0.2.1', family: 4, outcome: 'connected', ms: 20 }],
  used: { address: '192.0.2.1', family: 4 },
  local: { ipv4: true, ipv6: false },
};

const tls: TlsFacts = {
  address: '192.0.2.1',
  offered: {
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    serverName: 'gateway.example',
    alpn: [],
    cipherSuites: ['TLS_AES_256_GCM_SHA384'],
    certificates: 1,
    loweredSecurity: false,
  },
  reach: 'settled',
  version: 'TLSv1.3',
  cipher: 'TLS_AES_256_GCM_SHA384',
  request: { authorities: [], signatureAlgorithms: ['rsa_pss_rsae_sha256'], certificateTypes: [] },
  sent: { certificates: 1, sha256: ['AA:01'], provedKey: true },
  serverChain: [serverLeaf],
  verdict: {
    trusted: true,
    nameMatches: true,
    certificateNames: ['gateway.example'],
    anchored: true,
    anchor: serverRoot.subject,
    completedByBundle: false,
    sameNameOtherKey: false,
    outOfOrder: false,
    leafIsInCaFile: false,
    issuerOfSameOrganisation: false,
  },
  alerts: [],
  tickets: 2,
  timedOut: false,
  bytes: { client: 2000, server: 3000 },
};

const mqtt: MqttFacts = {
  protocolVersion: '3.1.1',
  clientId: 'device-1',
  username: false,
  password: false,
  keepalive: 10,
  reach: 'stayed',
  connack: { code: 0, name: 'Connection Accepted', sessionPresent: false, properties: {} },
  subscriptions: [],
  alerts: [],
  timedOut: false,
};

const ack: AckFacts = {
  publish: { topic: 'measures/device-1', qos: 1, bytes: 40, acknowledged: { code: 0, name: 'Success' } },
  ackTopic: 'ack/device-1',
  acks: [{ code: 200, messages: [] }],
  timedOut: false,
};

interface AllFacts {
  readonly file: FileFacts;
  readonly dns: DnsFacts;
  readonly tcp: TcpFacts;
  readonly tls: TlsFacts;
  readonly mqtt: MqttFacts;
  readonly ack: AckFacts;
}

/** `undefined` takes a member away. */
type Changed<Facts> = { readonly [Key in keyof Facts]?: Facts[Key] | undefined };

export type StageChanges = { readonly [Name in keyof AllFacts]?: Changed<AllFacts[Name]> };

export interface Changes extends StageChanges {
  readonly target?: Partial<Target>;
  readonly experiments?: readonly ExperimentEvidence[];
  readonly checkedAt?: string;
}

const order = ['file', 'dns', 'tcp', 'tls', 'mqtt', 'ack'] as const;
const wellKnown: AllFacts = { file, dns, tcp, tls, mqtt, ack };

/** A check in which everything went well, up to MQTT. */
export function healthy(changes: Changes = {}): Evidence {
  return evidence(undefined, changes);
}

/** A check that failed at a stage: what comes later was not run. */
export function failing(stage: keyof AllFacts, changes: Changes = {}): Evidence {
  return evidence(stage, changes);
}

function evidence(failed: keyof AllFacts | undefined, changes: Changes): Evidence {
  const last = failed ?? (changes.ack === undefined ? 'mqtt' : 'ack');
  return {
    target: { ...target, ...(last === 'ack' ? { until: 'ack' as const } : {}), ...changes.target },
    checkedAt: changes.checkedAt ?? now,
    stages: order.map((name) =>
      stage(
        name,
        order.indexOf(name) > order.indexOf(last) ? 'skipped' : name === failed ? 'failed' : 'ok',
        changes,
      ),
    ),
    experiments: changes.experiments ?? [],
  };
}

export function stage(
  name: keyof AllFacts,
  outcome: StageEvidence['outcome'],
  changes: StageChanges = {},
): StageEvidence {
  if (outcome === 'skipped')
    return { stage: name, outcome, ms: 0, facts: { reason: 'an earlier stage failed' } };
  // Evidence is plain JSON: what does not survive this is no evidence.
  const facts: unknown = JSON.parse(JSON.stringify({ ...wellKnown[name], ...changes[name] }));
  return { stage: name, outcome, ms: 5, facts } as StageEvidence;
}

/** What was tried again, with the TLS and MQTT facts that came of it. */
export function tried(
  id: ExperimentEvidence['id'],
  outcome: ExperimentEvidence['outcome'],
  changes: StageChanges & Pick<ExperimentEvidence, 'facts'> = {},
): ExperimentEvidence {
  const { facts } = changes;
  const passed = outcome === 'accepted' ? 'ok' : 'failed';
  const stages = (['tls', 'mqtt'] as const).filter((name) => changes[name] !== undefined);
  return {
    id,
    title: `tried again as ${id}`,
    outcome,
    summary: `the summary of ${id}`,
    ms: 10,
    stages: stages.map((name) => stage(name, passed, changes)),
    ...(facts === undefined ? {} : { facts }),
  };
}

/** The members of a certain handshake that came to nothing before the server said anything. */
export const nothing: Changed<TlsFacts> = {
  reach: 'nothing',
  version: undefined,
  cipher: undefined,
  request: undefined,
  sent: undefined,
  verdict: undefined,
  serverChain: [],
  tickets: 0,
  bytes: { client: 500, server: 0 },
};
