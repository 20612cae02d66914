import type { Element } from '../asn1/index.js';

const utcTimeTag = 23;
const generalizedTimeTag = 24;

const pattern = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d+)?(?:Z|([+-])(\d\d)(\d\d))$/;

/**
 * A time of a certificate (RFC 5280 section 4.1.2.5). Of what X.680 allows beyond the RFC, old authorities left
 * the seconds out or wrote an offset.
 *
 * @returns `undefined` where it is no time
 */
export function readTime({ tagClass, tag, content }: Element): Date | undefined {
  if (tagClass !== 'universal') return undefined;
  const text = Buffer.from(content).toString('latin1');
  if (tag === generalizedTimeTag) return parse(text);
  // A UTCTime has two digits of the year: 50 to 99 are of the twentieth century.
  return tag === utcTimeTag ? parse((text < '5' ? '20' : '19') + text) : undefined;
}

function parse(text: string): Date | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [
    ,
    year = '',
    month = '',
    day = '',
    hour = '',
    minute = '',
    second = '00',
    sign,
    hours = '0',
    minutes = '0',
  ] = match;
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  // The parser of dates lets the 30th of February pass as the 1st or 2nd of March.
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day)) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === undefined ? date : new Date(date.getTime() + (sign === '+' ? -offset : offset));
}
