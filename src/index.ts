/** The library's one door. What only some callers need is loaded when it is called. */
import type { Sandbox, SandboxOptions } from './sandbox/index.js';

export * from './bundle/index.js';
export type * from './codes.js';
export { type Defect, type Place, SapcertError, type SapcertErrorOptions } from './errors.js';
export type * from './sandbox/index.js';

/**
 * Starts a gateway on loopback that behaves as SAP's does, with certificates of its own and devices to try it.
 *
 * @throws SapcertError `usage.invalid`, `output.exists`, `output.not-writable`, `file.malformed`, `interrupted`
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await import('./sandbox/index.js');
  return sandbox.startSandbox(options);
}
