import { diagnosisEntry } from '../catalogue/index.js';
import type { CheckReport, Diagnosis } from '../check/index.js';
import { type Content, type Markup, markup } from './markup.js';

const certainties = {
  proven: 'proven: what was seen leaves no other cause',
  likely: 'likely: it fits what was seen better than any other cause',
  possible: 'possible: other causes fit as well',
} as const;

/** What is wrong, why it is thought so, and what to do: what a reader came for. */
export function answer(report: CheckReport): Markup {
  const [first, ...others] = report.diagnoses;
  if (first === undefined) return fine(report);
  const open = first.certainty !== 'proven' && others.some(({ certainty }) => certainty !== 'proven');
  return markup`<div class="answer"><p class="verdict">✗ A problem was found</p>
<h1>${sentence(diagnosisEntry(first.code).title)}</h1>
<p class="code"><code>${first.code}</code> (${certainties[first.certainty]})</p></div>
<p>${diagnosisEntry(first.code).explanation}</p>
${body(first, 'h2')}
${
  others.length > 0 &&
  markup`<section aria-labelledby="others"><h2 id="others">${open ? 'It may also be one of these' : 'Also wrong'}</h2>
${others.map(
  (other) => markup`<h3>${sentence(diagnosisEntry(other.code).title)}</h3>
<p class="quiet"><code>${other.code}</code> (${certainties[other.certainty]})</p>
${body(withoutRepetition(other, first), undefined)}`,
)}</section>`
}`;
}

function fine({ interrupted, target, stages }: CheckReport): Markup {
  const last = stages.findLast(({ outcome }) => outcome === 'ok');
  const [tone, verdict, title] = interrupted
    ? (['note', '! Interrupted', 'The check was interrupted; up to there nothing was wrong.'] as const)
    : ([
        'good',
        '✓ No problem found',
        whole(target.until)
          ? 'The device can connect.'
          : `Everything up to ${last?.stage ?? target.until} works.`,
      ] as const);
  return markup`<div class="answer ${tone}"><p class="verdict">${verdict}</p><h1>${title}</h1></div>`;
}

function whole(until: CheckReport['target']['until']): boolean {
  return until === 'mqtt' || until === 'ack';
}

function withoutRepetition(diagnosis: Diagnosis, first: Diagnosis): Diagnosis {
  const known = new Set(first.because.map(({ saw }) => saw));
  return { ...diagnosis, because: diagnosis.because.filter(({ saw }) => !known.has(saw)) };
}

function body({ because, remedy, operator = [], code }: Diagnosis, heading: 'h2' | undefined): Content {
  const head = (text: string): Markup =>
    heading === undefined ? markup`<p><strong>${text}</strong></p>` : markup`<h2>${text}</h2>`;
  return [
    because.length > 0 &&
      markup`${head('Why')}<ul>${because.map(({ source, saw }) => markup`<li><strong>${sourceName(source)}</strong>: ${saw}</li>`)}</ul>`,
    remedy.length > 0 && markup`${head('What to do')}${steps(remedy)}`,
    heading !== undefined &&
      operator.length > 0 &&
      markup`${head('For the operator of the broker')}<pre>${operator.map(
        (line) => markup`${line}
`,
      )}</pre>`,
    heading !== undefined && markup`<p class="quiet">Source: ${diagnosisEntry(code).source}.</p>`,
  ];
}

/** What an experiment saw begins with what it varied. */
function sourceName(source: string): string {
  return source.startsWith('experiment:') ? 'tried' : source;
}

/** Sentences as a list; commands, to be copied, below the sentence that leads to them. */
function steps(remedy: readonly string[]): Markup {
  const items: { text?: string; commands: string[] }[] = [];
  for (const step of remedy) {
    if (!step.startsWith('$ ')) items.push({ text: step, commands: [] });
    else if (items.length === 0) items.push({ commands: [step.slice(2)] });
    else items.at(-1)?.commands.push(step.slice(2));
  }
  return markup`<ol>${items.map(
    ({ text, commands }) =>
      markup`<li>${text}${commands.map((command) => markup`<pre>${command}</pre>`)}</li>`,
  )}</ol>`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
