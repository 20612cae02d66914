/** 0x80 to 0x9f in Windows-1252. Some versions of Node take them for the control characters of Latin-1. */
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** The text without its mark; `undefined` where no mark says that it is UTF-16. */
function utf16Of(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  return first === 0xfe && second === 0xff ? new TextDecoder('utf-16be').decode(bytes) : undefined;
}

/**
 * Names of files, of which one that is not UTF-8 must not make others unreadable. The mark is no part of them.
 */
export function namesTextOf(bytes: Uint8Array): string {
  return utf16Of(bytes) ?? new TextDecoder('utf-8').decode(bytes);
}

/**
 * A text as editors, spreadsheets and shells write it: UTF-8, UTF-16 with its mark (PowerShell, Excel), or else
 * Windows-1252. The mark itself is no part of it.
 */
export function textOf(bytes: Uint8Array): string {
  try {
    return utf16Of(bytes) ?? new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const latin1 = Buffer.from(bytes).toString('latin1');
    return latin1.replace(/[\u0080-\u009f]/g, (c) => windows1252.charAt(c.charCodeAt(0) - 0x80));
  }
}
