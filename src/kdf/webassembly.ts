/** As much of the WebAssembly JavaScript interface as is used here; @types/node has none of it. */
declare const WebAssembly:
  | {
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: object };
    }
  | undefined;

export interface Sha1Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly run: (times: number) => void;
}

/** Compiles and starts a module; `undefined` where this runtime or this processor cannot. */
export function instantiate(bytes: Uint8Array): Sha1Exports | undefined {
  if (typeof WebAssembly === 'undefined') return undefined; // node --jitless
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    return isSha1(exports) ? exports : undefined;
  } catch {
    // CompileError: no SIMD on this processor, or code generation is forbidden.
    return undefined;
  }
}

function isSha1(exports: object): exports is Sha1Exports {
  return 'memory' in exports && 'run' in exports && typeof exports.run === 'function';
}
