/** What node:crypto says of a certificate in OpenSSL's words, in the form in which sapcert says it. */

/** A name on one line, in the order of the certificate; node:crypto writes a line an attribute. */
export function oneLine(name: string | undefined): string {
  return (name ?? '').split('\n').join(', ');
}

/** ISO 8601, UTC, of `Jan  1 00:00:00 2030 GMT`. What is no time comes back as it is. */
export function isoTime(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : new Date(time).toISOString().replace('.000Z', 'Z');
}
