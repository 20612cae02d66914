import type { Line } from './text.js';

const headerLine = /^([A-Za-z][A-Za-z0-9-]*):[ \t]*(.*?)[ \t]*$/;

/** RFC 1421 section 4.6: headers stand before the first blank line; a line that begins with a space continues. */
export function splitHeaders(lines: readonly Line[]): { headers: [string, string][]; body: readonly Line[] } {
  const headers: [string, string][] = [];
  let next = 0;
  for (; next < lines.length; next++) {
    const text = lines[next]?.text.trimStart() ?? '';
    const header = headerLine.exec(text);
    const last = headers.at(-1);
    if (header !== null) headers.push([header[1] ?? '', header[2] ?? '']);
    else if (last !== undefined && text !== '' && /^[ \t]/.test(lines[next]?.text ?? ''))
      last[1] += text.trim();
    else if (last === undefined && text === '') continue;
    else break;
  }
  return headers.length === 0
    ? { headers, body: lines }
    : { headers, body: lines.slice(skipBlank(lines, next)) };
}

function skipBlank(lines: readonly Line[], from: number): number {
  return lines[from]?.text.trim() === '' ? from + 1 : from;
}
