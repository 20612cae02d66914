/** What is mutated, and the tests that are to notice, the quick ones first: each mutant runs them up to a failure. */
export const areas = {
  diagnose: {
    mutate: ['src/check/diagnose/'],
    tests: ['check/grounds', 'check/recorded', 'check/diagnose'],
  },
  text: {
    mutate: ['src/bundle/[a-z0-9-]+\\.ts$'],
    tests: ['bundle/headers', 'bundle/pem', 'keys/refused', 'bundle/material', 'inspect/chain'],
  },
  asn1: {
    mutate: ['src/bundle/asn1/'],
    tests: ['keys/refused', 'keys/asn1', 'keys/primitives'],
  },
  keys: {
    mutate: ['src/bundle/keys/'],
    tests: [
      'keys/passwords',
      'keys/refused',
      'keys/primitives',
      'keys/asn1',
      'keys/damaged',
      'keys/write',
      'keys/limits',
    ],
  },
  pkcs12: {
    mutate: ['src/bundle/pkcs12/'],
    tests: ['keys/refused', 'keys/passwords', 'keys/damaged', 'inspect/stores', 'keys/pkcs12', 'keys/limits'],
  },
  inspect: {
    mutate: ['src/bundle/inspect/'],
    tests: ['inspect/chain', 'inspect/stores', 'inspect/keys'],
  },
};
