/** What is mutated, and the tests that are to notice; each mutant runs those that reach it. */
export const areas = {
  diagnose: {
    mutate: ['src/check/diagnose/'],
    tests: ['check/grounds', 'check/diagnose', 'check/recorded', 'check/saved', 'check/certificate'],
  },
  text: {
    mutate: ['src/bundle/[a-z0-9-]+\\.ts$'],
    tests: [
      'bundle/headers',
      'bundle/pem',
      'bundle/material',
      'inspect/chain',
      'inspect/problems',
      'connector/device-name',
      'keys/refused',
      'keys/write',
      'fuzz/corpus',
      'security/library',
    ],
  },
  asn1: {
    mutate: ['src/bundle/asn1/'],
    tests: ['keys/asn1', 'keys/primitives', 'keys/refused', 'keys/damaged', 'inspect/hostile'],
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
      'keys/erased',
      'keys/corpus',
      'inspect/keys',
    ],
  },
  pkcs12: {
    mutate: ['src/bundle/pkcs12/'],
    tests: [
      'keys/refused',
      'keys/passwords',
      'keys/damaged',
      'keys/pkcs12',
      'keys/limits',
      'keys/corpus',
      'inspect/stores',
    ],
  },
  inspect: {
    mutate: ['src/bundle/inspect/'],
    tests: [
      'inspect/chain',
      'inspect/stores',
      'inspect/keys',
      'inspect/problems',
      'inspect/openssl-fields',
      'inspect/hostile',
      'inspect/secrets',
      'inspect/command',
      'inspect/expiry',
      'inspect/fleet',
      'inspect/corpus',
    ],
  },
};
