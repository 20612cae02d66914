import type { StrippedBundle } from '../bundle/strip.js';
import type { OutputFile } from '../files/index.js';
import type { OutputPaths } from './types.js';

/** The files that a stripped bundle becomes. */
export function outputFiles(paths: OutputPaths, stripped: StrippedBundle): readonly OutputFile[] {
  const { combined, privateKey, certificate } = stripped;
  const files: OutputFile[] = [{ path: paths.combined, data: combined, secret: true }];
  if (paths.privateKey !== undefined) files.push({ path: paths.privateKey, data: privateKey, secret: true });
  if (paths.certificate !== undefined)
    files.push({ path: paths.certificate, data: certificate, secret: false });
  return files;
}
