/** More of a broker's words than this helps nobody; MQTT allows 64 KB of them (section 1.5.4). */
const longest = 400;

/** What a terminal obeys instead of showing it, and line ends, which would forge lines of a log. */
const controls = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A broker's own words, fit for a message: cut where they are long, with controls shown as escapes. */
export function foreignText(text: string): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}... (${text.length} characters)` : text;
  return cut.replace(controls, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
