import { count } from '../../count.js';
import type { DescribedCertificate, Expiry, InspectedCertificate } from './types.js';

const day = 24 * 60 * 60 * 1000;

/** What ends within this long is worth a warning, unless the caller sets a limit of its own. */
const soon = 30 * day;

/** RFC 5280 section 4.1.2.5: both ends belong to the validity. */
export function validityAt(
  { notBefore, notAfter }: Pick<DescribedCertificate, 'notBefore' | 'notAfter'>,
  now: Date,
): Pick<InspectedCertificate, 'validity' | 'daysLeft'> {
  const [start, end, time] = [Date.parse(notBefore), Date.parse(notAfter), now.getTime()];
  const validity = time > end ? 'expired' : time < start ? 'not-yet-valid' : 'valid';
  return { validity, daysLeft: Math.floor((end - time) / day) };
}

/** Whether it ends within `limit` milliseconds or has ended: `openssl x509 -checkend` draws the line in the same place. */
export function endsWithin(
  { notAfter }: Pick<DescribedCertificate, 'notAfter'>,
  now: Date,
  limit: number = soon,
): boolean {
  return Date.parse(notAfter) <= now.getTime() + limit;
}

export function firstToEnd(certificates: readonly InspectedCertificate[]): Expiry | undefined {
  const [first] = certificates.toSorted((a, b) => Date.parse(a.notAfter) - Date.parse(b.notAfter));
  if (first === undefined) return undefined;
  return { notAfter: first.notAfter, daysLeft: first.daysLeft, certificate: first.number };
}

/** `in 12 days`, `3 hours ago`, from now on. */
export function distance(to: string, now: Date): string {
  const milliseconds = Date.parse(to) - now.getTime();
  const [amount, unit] = inUnits(Math.abs(milliseconds));
  const words = count(amount, unit);
  return milliseconds < 0 ? `${words} ago` : `in ${words}`;
}

function inUnits(milliseconds: number): [number, string] {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 120) return [minutes, 'minute'];
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? [hours, 'hour'] : [Math.floor(hours / 24), 'day'];
}
