/** One number that was measured, with the target it has to meet, if it has one. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly target?: { readonly atLeast: number } | { readonly atMost: number } | undefined;
}

export interface Section {
  readonly title: string;
  /** How it was measured. */
  readonly note: string;
  readonly rows: readonly Row[];
}

export const isMet = ({ value, target }: Row): boolean | undefined =>
  target === undefined ? undefined : 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;

export function renderSection({ title, note, rows }: Section): string {
  const width = Math.max(...rows.map(({ what }) => what.length));
  const lines = rows.map((row) => {
    const { what, value, unit, target } = row;
    const goal =
      target === undefined ? '' : 'atLeast' in target ? `>= ${target.atLeast}` : `<= ${target.atMost}`;
    const verdict = { true: 'met', false: 'NOT MET', undefined: '' }[`${isMet(row)}`];
    return `  ${what.padEnd(width)}  ${shown(value).padStart(8)} ${unit.padEnd(9)} ${goal.padEnd(9)} ${verdict}`.trimEnd();
  });
  return [title, `  (${note})`, ...lines, ''].join('\n');
}

const shown = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
