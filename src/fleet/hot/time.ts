import type { DerElement } from '../../kdf/index.js';

const utcTime = 0x17;
const generalizedTime = 0x18;

/** Reads a time of a certificate (RFC 5280 section 4.1.2.5) as ISO 8601; `undefined` where it breaks the rules. */
export function readTime(der: Uint8Array, element: DerElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  const text = Buffer.from(der.subarray(element.start, element.end)).toString('latin1');
  if (!/^\d+Z$/.test(text)) return undefined;
  if (element.tag === utcTime && text.length === 13) return iso(`${text < '5' ? '20' : '19'}${text}`);
  return element.tag === generalizedTime && text.length === 15 ? iso(text) : undefined;
}

function iso(digits: string): string | undefined {
  const [year, month, day, hour, minute, second] = [0, 4, 6, 8, 10, 12].map((at, index) =>
    digits.slice(at, at + (index === 0 ? 4 : 2)),
  );
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = new Date(`${text}Z`);
  // Date takes the 30th of February for the 2nd of March: what comes back must be what went in.
  return !Number.isNaN(time.getTime()) && time.toISOString() === `${text}.000Z` ? `${text}Z` : undefined;
}
