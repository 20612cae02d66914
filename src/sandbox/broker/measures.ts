import { fits, isRecord, isTime, type DeviceModel, type PropertyType } from './model.js';

/** One entry of what the gateway publishes on `ack/<device>`. */
export interface GatewayAcknowledgement {
  /** The message's `measureMessageId`, where it had one. */
  readonly id?: string;
  /** 202: taken. 400: malformed. 404: the model knows no such capability or sensor. */
  readonly code: number;
  /** What is wrong with it; with 202, what is remarkable. */
  readonly messages: readonly string[];
}

type Message = Readonly<Record<string, unknown>>;

const knownProperties: ReadonlySet<string> = new Set([
  'capabilityAlternateId',
  'sensorAlternateId',
  'sensorTypeAlternateId',
  'measures',
  'timestamp',
  'measureMessageId',
]);

/** Milliseconds of the year 1973: a smaller number was most likely meant as seconds. */
const secondsLikely = 100_000_000_000;

/**
 * What the gateway answers to a payload on `measures/<device>`: one entry a message, with everything that is
 * wrong with it. The payload is one message or an array of them.
 */
export function acknowledge(payload: Uint8Array, model: DeviceModel | undefined): GatewayAcknowledgement[] {
  const json = parseJson(payload);
  if (json === undefined) return [{ code: 400, messages: ['the payload is not JSON in UTF-8'] }];
  const messages: readonly unknown[] = Array.isArray(json) ? json : [json];
  if (messages.length === 0) return [{ code: 400, messages: ['the payload is an empty array'] }];
  return messages.map((message) => acknowledgeOne(message, model));
}

/** `undefined` for what is no JSON: no JSON text says `undefined`. */
function parseJson(payload: Uint8Array): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(payload);
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}

function acknowledgeOne(message: unknown, model: DeviceModel | undefined): GatewayAcknowledgement {
  if (!isRecord(message)) return { code: 400, messages: ['a message has to be a JSON object'] };
  const id = message['measureMessageId'];
  const correlated = typeof id === 'string' ? { id } : {};
  const malformed = [...envelopeDefects(message), ...shapeDefects(message['measures'])];
  if (malformed.length > 0) return { ...correlated, code: 400, messages: malformed };
  const unknown = model === undefined ? [] : unknownIds(message, model);
  if (unknown.length > 0) return { ...correlated, code: 404, messages: unknown };
  const unfit = model === undefined ? [] : modelDefects(message, model);
  if (unfit.length > 0) return { ...correlated, code: 400, messages: unfit };
  return { ...correlated, code: 202, messages: remarks(message) };
}

function envelopeDefects(message: Message): string[] {
  const { capabilityAlternateId, sensorAlternateId, sensorTypeAlternateId, timestamp, measureMessageId } =
    message;
  return [
    ...Object.keys(message)
      .filter((name) => !knownProperties.has(name))
      .map((name) => `unknown property ${quote(name)}`),
    ...(isId(capabilityAlternateId) ? [] : ['capabilityAlternateId has to be a text that is not empty']),
    ...(sensorAlternateId === undefined && sensorTypeAlternateId === undefined
      ? ['sensorAlternateId or sensorTypeAlternateId is missing']
      : []),
    ...(isOptionalId(sensorAlternateId) ? [] : ['sensorAlternateId has to be a text that is not empty']),
    ...(isOptionalId(sensorTypeAlternateId)
      ? []
      : ['sensorTypeAlternateId has to be a text that is not empty']),
    ...(isOptionalId(measureMessageId) ? [] : ['measureMessageId has to be a text that is not empty']),
    ...(timestamp === undefined || isTime(timestamp)
      ? []
      : ['timestamp has to be milliseconds since 1970 or an ISO 8601 date']),
  ];
}

/** Both shapes: `[["25"]]`, values in the order of the capability's properties, and `[{"temperature": "25"}]`. */
function shapeDefects(measures: unknown): string[] {
  if (!Array.isArray(measures)) return ['measures has to be an array'];
  if (measures.length === 0) return ['measures is empty'];
  return measures.flatMap((measure: unknown, index) =>
    measureDefects(measure).map((text) => at(index, text)),
  );
}

function measureDefects(measure: unknown): string[] {
  if (Array.isArray(measure)) {
    if (measure.length === 0) return ['has no value'];
    return measure.flatMap((value: unknown, index) =>
      isValue(value) ? [] : [`value ${index + 1} is not a plain value`],
    );
  }
  if (!isRecord(measure)) return ['has to be an array of values or an object of properties'];
  const { _time: time, ...properties } = measure;
  return [
    ...(Object.keys(properties).length === 0 ? ['has no value'] : []),
    ...(time === undefined || isTime(time)
      ? []
      : ['_time has to be milliseconds since 1970 or an ISO 8601 date']),
    ...Object.entries(properties)
      .filter(([, value]) => !isValue(value))
      .map(([name]) => `property ${quote(name)} is not a plain value`),
  ];
}

function unknownIds({ capabilityAlternateId, sensorAlternateId }: Message, model: DeviceModel): string[] {
  const capability = String(capabilityAlternateId);
  return [
    ...(Object.hasOwn(model.capabilities, capability) ? [] : [`there is no capability ${quote(capability)}`]),
    ...(typeof sensorAlternateId !== 'string' || (model.sensors?.includes(sensorAlternateId) ?? true)
      ? []
      : [`there is no sensor ${quote(sensorAlternateId)}`]),
  ];
}

function modelDefects({ capabilityAlternateId, measures }: Message, model: DeviceModel): string[] {
  const capability = String(capabilityAlternateId);
  const properties = model.capabilities[capability] ?? {};
  const judged: readonly unknown[] = Array.isArray(measures) ? measures : [];
  return judged.flatMap((measure, index) =>
    (Array.isArray(measure)
      ? unfitValues(measure, Object.entries(properties), capability)
      : unfitProperties(isRecord(measure) ? measure : {}, properties, capability)
    ).map((text) => at(index, text)),
  );
}

function unfitValues(
  values: readonly unknown[],
  properties: readonly (readonly [string, PropertyType])[],
  capability: string,
): string[] {
  if (values.length > properties.length) {
    return [
      `has ${values.length} values, capability ${quote(capability)} has ${properties.length} properties`,
    ];
  }
  return properties.flatMap(([name, type], index) =>
    fits(type, values[index] ?? null) ? [] : [unfit(name, type)],
  );
}

function unfitProperties(
  measure: Message,
  properties: Readonly<Record<string, PropertyType>>,
  capability: string,
): string[] {
  return Object.entries(measure).flatMap(([name, value]) => {
    if (name === '_time') return [];
    const type = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (type === undefined) return [`capability ${quote(capability)} has no property ${quote(name)}`];
    return fits(type, value) ? [] : [unfit(name, type)];
  });
}

function remarks({ timestamp }: Message): string[] {
  const time = Number(timestamp);
  return timestamp !== undefined && time < secondsLikely
    ? ['timestamp lies before 1974: it is in milliseconds, not in seconds']
    : [];
}

const isId = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isOptionalId = (value: unknown): boolean => value === undefined || isId(value);
const isValue = (value: unknown): boolean =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);
const quote = (name: string): string => JSON.stringify(name);
const at = (index: number, text: string): string => `measure ${index + 1}: ${text}`;
const unfit = (name: string, type: PropertyType): string => `property ${quote(name)} is not of type ${type}`;
