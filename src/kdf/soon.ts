import type { RsaKey } from './rsa.js';
import { type SapForm, openSapForm, openSapFormBatch } from './sap-form.js';

interface Waiting {
  readonly form: SapForm;
  readonly resolve: (key: RsaKey | undefined) => void;
}

/** What the lanes take at once. */
const portionSize = 4;

const queue: Waiting[] = [];

/**
 * Opens one key like `openSapForm`, together with those that others ask for at the same time: whoever works on
 * several bundles at once gets the speed of a batch. Work is done in portions, between which others may run.
 */
export function openSapFormSoon(form: SapForm): Promise<RsaKey | undefined> {
  return new Promise((resolve) => {
    queue.push({ form, resolve });
    if (queue.length === 1) setImmediate(openSome);
  });
}

function openSome(): void {
  const portion = queue.splice(0, portionSize);
  const opened = openAll(portion.map(({ form }) => form));
  for (const [index, { resolve }] of portion.entries()) resolve(opened[index]);
  if (queue.length > 0) setImmediate(openSome);
}

function openAll(forms: readonly SapForm[]): readonly (RsaKey | undefined)[] {
  try {
    return openSapFormBatch(forms);
  } catch {
    return forms.map(openQuietly); // one of them cannot be: the others must not suffer
  }
}

function openQuietly(form: SapForm): RsaKey | undefined {
  try {
    return openSapForm(form);
  } catch {
    return undefined;
  }
}
