import type { Entry } from './entry.js';

/** A code of what SAP's gateway says of a measure on `ack/<device>`. */
export interface AcknowledgementCode extends Entry {
  readonly code: number;
  /** HTTP's words for the number. */
  readonly name: string;
}

type Row = readonly [
  code: number,
  name: string,
  title: string,
  explanation: string,
  causes?: readonly string[],
  remedy?: readonly string[],
];

const look = 'Read what stands beside the code: messages says which part it is.';
const retry =
  'Send it again later, with growing pauses: sapcert send --refused FILE keeps what was not taken.';

const rows: readonly Row[] = [
  [
    200,
    'OK',
    'the measure is taken and processed',
    'The gateway took the measure. Whatever is missing from here on is lost behind it.',
  ],
  [
    202,
    'Accepted',
    'the measure is taken, and processed later',
    'The gateway took the measure; whether it fits the device model shows later. This is the usual answer.',
  ],
  [
    400,
    'Bad Request',
    'the measure is malformed',
    'The gateway could not read the measure, or its values do not fit the capability.',
    [
      'The payload is no JSON, or lacks capabilityAlternateId, a sensor or measures.',
      'A value has another type than the property of the capability.',
      'A property has another name than in the capability, or there are too many.',
    ],
    [look],
  ],
  [
    401,
    'Unauthorized',
    'the sender of the measure is not accepted',
    'By HTTP’s meaning: nobody has proven who sends this.',
    ['The certificate of the connection does not belong to the device that the measure is for.'],
    [look, '$ sapcert inspect device.pem'],
  ],
  [
    403,
    'Forbidden',
    'the sender may not send this measure',
    'By HTTP’s meaning: it is known who sends this, and it is not allowed.',
    ['The measure is for another device than that of the certificate.', 'The device is blocked.'],
    [look, '$ sapcert inspect device.pem'],
  ],
  [
    404,
    'Not Found',
    'the device model knows no such capability or sensor',
    'The measure names something that the gateway does not find.',
    [
      'capabilityAlternateId or sensorAlternateId is misspelt, or the id of the object was given and not its alternate id.',
      'The sensor’s type lacks the capability.',
      'The device is not the one that the sensor belongs to.',
    ],
    ['Compare the alternate ids with the device model.', look],
  ],
  [
    429,
    'Too Many Requests',
    'measures come too fast',
    'By HTTP’s meaning: too many were sent in too short a time.',
    ['More is sent than the contract of the tenant allows.'],
    [retry],
  ],
  [
    500,
    'Internal Server Error',
    'the gateway failed',
    'By HTTP’s meaning the fault is not the measure’s.',
    ['A disturbance of the service.', 'A measure that the service cannot cope with.'],
    [retry, 'If one measure fails again and again, show it to the operator.'],
  ],
  [
    503,
    'Service Unavailable',
    'the service behind the gateway is not available',
    'By HTTP’s meaning it is for the moment.',
    ['Maintenance or overload of the service.'],
    [retry],
  ],
];

export const acknowledgementCodes: readonly AcknowledgementCode[] = rows.map(
  ([code, name, title, explanation, causes = [], remedy = []]) => ({
    code,
    name,
    title,
    explanation,
    causes,
    remedy,
    source: 'acknowledgements of SAP’s gateway on ack/<device>; RFC 9110 section 15 for the numbers',
  }),
);

const acknowledgementWords =
  /(?:\back(?:nowledge(?:d|ment))?\b(?: code| with)?|"code"|\bstatus(?: code)?|^code)\s*[:=]*\s*"?(\d{3})(?![\w.])/i;

/** The acknowledgement that a text names: by its number alone, or in the JSON that the gateway sends. */
export function acknowledgementIn(text: string): AcknowledgementCode | undefined {
  const said = /^\d{3}$/.exec(text)?.[0] ?? acknowledgementWords.exec(text)?.[1];
  return acknowledgementCodes.find(({ code }) => String(code) === said);
}
