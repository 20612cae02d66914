import { printable } from '../check/index.js';

/** Text that is markup already. Only `markup` makes it, so nothing foreign gets into a page unescaped. */
export class Markup {
  constructor(readonly text: string) {}
}

export type Content = string | number | Markup | undefined | false | readonly Content[];

/** A template whose values are escaped, for HTML and SVG; values that are `Markup` stay as they are. */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => part + render(values[index])).join(''));
}

function render(value: Content): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(render).join('');
  return escapeText(String(value));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Foreign text for element content and quoted attributes; what reorders or hides text becomes visible. */
function escapeText(text: string): string {
  return printable(text, longest).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** Longer foreign texts are there to flood. */
const longest = 4000;
