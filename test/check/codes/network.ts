import type { Evidence } from '../../../src/check/index.js';
import { certificate, failing, healthy, tried } from '../evidence.js';
import { type Row, row } from './row.js';

export const networkRows: readonly Row[] = [
  row(
    'no such name',
    'dns.not-found',
    'proven',
    failing('dns', { dns: { addresses: [], error: { code: 'ENOTFOUND', message: '' } } }),
  ),
  row('a name without an address', 'dns.not-found', 'proven', failing('dns', { dns: { addresses: [] } })),
  row(
    'no DNS server',
    'dns.failed',
    'proven',
    failing('dns', { dns: { addresses: [], error: { code: 'EAI_AGAIN', message: '' } } }),
  ),
  row(
    'a DNS server that is silent',
    'dns.failed',
    'proven',
    failing('dns', { dns: { addresses: [], timedOut: true } }),
  ),
  ...(
    [
      ['refused', 'tcp.refused'],
      ['timeout', 'tcp.timeout'],
      ['unreachable', 'tcp.unreachable'],
      ['reset', 'tcp.reset'],
    ] as const
  ).map(([outcome, code]) =>
    row(
      `TCP: ${outcome}`,
      code,
      'proven',
      failing('tcp', {
        tcp: { used: undefined, attempts: [{ address: '192.0.2.1', family: 4, outcome, ms: 9 }] },
      }),
    ),
  ),
  row(
    'refused over IPv4, and no IPv6 here',
    'tcp.refused',
    'proven',
    failing('tcp', {
      tcp: {
        used: undefined,
        attempts: [
          { address: '2001:db8::1', family: 6, outcome: 'unreachable', code: 'ENETUNREACH', ms: 0 },
          { address: '192.0.2.1', family: 4, outcome: 'refused', code: 'ECONNREFUSED', ms: 9 },
        ],
      },
    }),
    { never: ['tcp.unreachable'] },
  ),
  row(
    'IPv6 addresses only, and no IPv6 here',
    'tcp.wrong-address-family',
    'proven',
    failing('tcp', {
      tcp: {
        used: undefined,
        attempts: [{ address: '2001:db8::1', family: 6, outcome: 'unreachable', ms: 0 }],
      },
    }),
  ),
  row(
    'the other loopback address works',
    'tcp.wrong-address-family',
    'proven',
    failing('tcp', {
      target: { host: '127.0.0.1' },
      tcp: { used: undefined, attempts: [{ address: '127.0.0.1', family: 4, outcome: 'refused', ms: 0 }] },
      experiments: [tried('other-family', 'accepted', { facts: { address: '::1' } })],
    }),
  ),
  row(
    'an expired certificate behind a closed port',
    'tcp.refused',
    'proven',
    failing('tcp', {
      file: { leaf: certificate({ notAfter: '2026-05-01T00:00:00Z' }) },
      tcp: { used: undefined, attempts: [{ address: '192.0.2.1', family: 4, outcome: 'refused', ms: 9 }] },
    }),
    { also: ['certificate.expired'] },
  ),
  ...(
    [
      ['certificate.expired', { notAfter: '2026-05-01T00:00:00Z' }],
      ['certificate.not-yet-valid', { notBefore: '2026-07-01T00:00:00Z' }],
      ['certificate.wrong-purpose', { extendedKeyUsage: ['serverAuth'] }],
    ] as const
  ).map(([code, changes]) => {
    const { stages, ...rest } = healthy({ file: { leaf: certificate(changes) } });
    const short = stages.map((one) =>
      ['file', 'dns', 'tcp'].includes(one.stage)
        ? one
        : { ...one, outcome: 'skipped', ms: 0, facts: { reason: 'not asked for' } },
    );
    return row(`up to TCP: ${code}`, code, 'proven', { ...rest, stages: short as Evidence['stages'] });
  }),
];
