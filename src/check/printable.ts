import { isNativeError } from 'node:util/types';

/**
 * The code and the message of whatever was thrown, fit to be shown. An error of Node's core is no `instanceof
 * Error` where the caller runs in another realm: a vm context, Jest, Electron.
 */
export function errorWords(error: unknown): { readonly code: string; readonly message: string } {
  if (!isNativeError(error)) return { code: 'unknown', message: printable(String(error)) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
  return { code, message: printable(error.message.trim()) };
}

/** More of a peer's words than this helps nobody and may be meant to flood. */
const longest = 400;

/** C0 and C1 controls, and the marks that reorder or hide text on a screen. */
const unprintable =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Text from a peer or a certificate, fit for a terminal, a page and a report: control characters and marks that
 * reorder text become visible escapes, and very long text is cut.
 */
export function printable(text: string, limit = longest): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}... (${text.length} characters)` : text;
  return cut.replace(unprintable, (character) => {
    const code = character.charCodeAt(0);
    return code <= 0xff
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
