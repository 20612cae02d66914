import type { CheckReport, StageEvidence } from '../check/index.js';
import { type Markup, markup } from './markup.js';
import { picture } from './svg.js';

const width = 820;
const [left, right] = [70, 700];
const row = 26;

/** What took how long, one bar a stage, one after the other. */
export function timeLine({ stages }: CheckReport): Markup {
  const run = stages.filter(({ outcome }) => outcome !== 'skipped');
  const total = Math.max(
    1,
    run.reduce((sum, { ms }) => sum + ms, 0),
  );
  const scale = (right - left) / total;
  let begun = 0;
  const bars = run.map((stage, index) => {
    const drawn = bar(stage, index * row, left + begun * scale, stage.ms * scale);
    begun += stage.ms;
    return drawn;
  });
  const description = run.map(({ stage, outcome, ms }) => `${stage}: ${outcome}, ${ms} ms`).join('; ');
  return picture(
    { id: 'time-line', title: 'Time line of the stages', description },
    width,
    run.length * row + 4,
    bars,
  );
}

function bar({ stage, outcome, ms }: StageEvidence, y: number, x: number, length: number): Markup {
  const tone = outcome === 'failed' ? 'bad' : 'good';
  const mark = outcome === 'failed' ? '✗' : '✓';
  const end = x + Math.max(length, 3);
  return markup`<g class="${tone}"><text class="strong" x="0" y="${y + 17}">${stage}</text>
<line class="grid" x1="${left}" y1="${y + 13}" x2="${end.toFixed(1)}" y2="${y + 13}"/>
<rect class="bar" x="${x.toFixed(1)}" y="${y + 4}" width="${(end - x).toFixed(1)}" height="18" rx="3"/>
<text class="label" x="${(end + 8).toFixed(1)}" y="${y + 17}">${mark} ${ms} ms</text></g>
`;
}
