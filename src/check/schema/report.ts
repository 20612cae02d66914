import { certificate, stageFacts } from './facts.js';
import { flag, isoTime, list, number, object, oneOf, text, texts } from './words.js';

const names = Object.keys(stageFacts);

/** A stage that was run has the facts of its kind; one that was not has the reason. */
const stage = {
  type: 'object',
  required: ['stage', 'outcome', 'ms', 'facts'],
  properties: {
    stage: oneOf(...names),
    outcome: oneOf('ok', 'failed', 'skipped'),
    ms: number,
    facts: { type: 'object' },
  },
  additionalProperties: false,
  if: { properties: { outcome: { const: 'skipped' } } },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: { properties: { facts: object({ reason: text }) } },
  else: {
    oneOf: Object.entries(stageFacts).map(([name, schema]) => ({
      properties: { stage: { const: name }, facts: schema },
    })),
  },
};

const experiment = object(
  {
    id: text,
    title: text,
    outcome: oneOf('accepted', 'refused', 'no-answer'),
    summary: text,
    ms: number,
    stages: list({ $ref: '#/$defs/stage' }),
  },
  {
    facts: object(
      {},
      {
        connackCode: number,
        http: object({ status: number, statusLine: text }, { server: text }),
        webSocketPath: text,
        added: object({ subjects: texts, from: oneOf('ca-file', 'server', 'input', 'download') }),
        clientId: text,
        unsteady: flag,
        address: text,
        sample: text,
      },
    ),
  },
);

const diagnosis = object(
  {
    code: text,
    certainty: oneOf('proven', 'likely', 'possible'),
    because: list(object({ source: text, saw: text })),
    remedy: texts,
  },
  { operator: texts },
);

const target = object(
  {
    host: text,
    port: number,
    verifyName: text,
    serverNameGiven: flag,
    profile: oneOf('sap-iot', 'generic', 'cumulocity'),
    until: oneOf('dns', 'tcp', 'tls', 'mqtt', 'ack'),
    clientId: text,
    clientIdFrom: oneOf('option', 'input', 'certificate', 'random'),
    mqttVersion: oneOf('3.1.1', '5'),
    alpn: texts,
    username: flag,
    password: flag,
    certificate: flag,
    timeoutMs: number,
    watchMs: number,
    experiments: flag,
  },
  { serverName: text, deviceId: text, ownDeviceId: text, tlsVersion: oneOf('1.2', '1.3') },
);

/** The connections of the check, message by message. */
const trace = list(
  object({
    connection: text,
    rows: list(
      object({
        at: number,
        arrow: oneOf('right', 'left', 'none'),
        title: text,
        details: texts,
        tone: oneOf('plain', 'good', 'bad', 'note'),
        encrypted: flag,
      }),
    ),
  }),
);

/** JSON Schema (draft 2020-12) of what `check --json` prints. New members may come; none goes or changes. */
export const reportSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'sapcert check --json',
  ...object(
    {
      schemaVersion: { const: 1 },
      target,
      checkedAt: isoTime,
      ms: number,
      interrupted: flag,
      environment: object({ node: text, openssl: text, platform: text }),
      stages: {
        type: 'array',
        items: { $ref: '#/$defs/stage' },
        minItems: names.length,
        maxItems: names.length,
      },
      experiments: list(experiment),
      diagnoses: list(diagnosis),
      warnings: list(object({ code: text, message: text })),
    },
    // What the command line adds on request.
    { trace },
  ),
  $defs: { certificate, stage },
} as const;
