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
  const part = (start: number, end: number): string => digits.slice(start, end);
  const [year, month, day] = [part(0, 4), part(4, 6), part(6, 8)];
  const [hour, minute, second] = [part(8, 10), part(10, 12), part(12, 14)];
  // Date takes the 30th of February for the 2nd of March.
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (Number(year) < 100 || date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day))
    return undefined;
  if (hour > '23' || minute > '59' || second > '59') return undefined;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}
