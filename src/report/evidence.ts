import type { CheckReport, StageEvidence } from '../check/index.js';
import { type Content, type Markup, markup } from './markup.js';

/** Everything that was seen, stage by stage, for whoever has to look closer. */
export function evidence({ stages, experiments }: CheckReport): Markup {
  const shown = stages.filter(({ outcome }) => outcome !== 'skipped');
  return markup`${shown.map((stage) => facts(`What the stage ${stage.stage} saw`, stage))}${experiments.map(
    ({ title, stages, facts: own }) =>
      block(
        `What came of it: ${title}`,
        markup`${own === undefined ? undefined : list(own)}${stages.filter(({ outcome }) => outcome !== 'skipped').map((stage) => markup`<h3>${stage.stage}</h3>${list(stage.facts)}`)}`,
      ),
  )}`;
}

function facts(title: string, stage: StageEvidence): Markup {
  return block(title, list(stage.facts));
}

function block(title: string, content: Content): Markup {
  return markup`<details><summary>${title}</summary>${content}</details>
`;
}

/** Plain data as names and values; what is inside something stands behind its name. */
function list(value: object): Markup {
  return markup`<dl>${flatten(value, '').map(
    ([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>
`,
  )}</dl>`;
}

function flatten(value: unknown, name: string): readonly (readonly [name: string, text: string])[] {
  if (typeof value !== 'object' || value === null) return [[name, text(value)]];
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object'))
      return [[name, value.length === 0 ? 'none' : value.map(text).join(', ')]];
    return value.flatMap((item: unknown, index) => flatten(item, `${name} ${index + 1}`));
  }
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, `${name} ${words(key)}`.trim()));
}

function text(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
}

/** `minVersion` -> `min version` */
function words(key: string): string {
  return key.replace(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
}
