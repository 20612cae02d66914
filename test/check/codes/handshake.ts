import { failing, tried, nothing } from '../evidence.js';
import { type Row, row, serverAlert, closed, reset, refusedBy } from './row.js';

export const handshakeRows: readonly Row[] = [
  row(
    'alert 70',
    'tls.version-mismatch',
    'proven',
    failing('tls', { tls: { ...nothing, alerts: [serverAlert(70, 'protocol_version')] } }),
  ),
  row(
    'TLS 1.2 alone gets through',
    'tls.version-mismatch',
    'proven',
    failing('tls', {
      tls: { ...nothing, end: reset },
      experiments: [tried('tls-1.2', 'accepted', { tls: { version: 'TLSv1.2' } })],
    }),
    { never: ['tcp.reset'] },
  ),
  row(
    'alert 40',
    'tls.no-common-cipher',
    'likely',
    failing('tls', { tls: { ...nothing, alerts: [serverAlert(40, 'handshake_failure')] } }),
  ),
  row(
    'a cipher that nobody offered',
    'tls.no-common-cipher',
    'proven',
    failing('tls', {
      tls: { ...nothing, alerts: [serverAlert(40, 'handshake_failure')] },
      experiments: [
        tried('any-cipher', 'accepted', {
          tls: { version: 'TLSv1.2', cipher: 'TLS_RSA_WITH_CAMELLIA_128_CBC_SHA' },
        }),
      ],
    }),
  ),
  row(
    'alert 112',
    'tls.sni-rejected',
    'proven',
    failing('tls', { tls: { ...nothing, alerts: [serverAlert(112, 'unrecognized_name')] } }),
  ),
  row(
    'closed, and not with a protocol name, of which the server chooses none',
    'tls.alpn-required',
    'proven',
    failing('tls', {
      tls: { ...nothing, end: closed },
      experiments: [tried('alpn', 'accepted', { tls: { alpn: undefined } }), tried('repeat', 'refused')],
    }),
    { never: ['tcp.closed', 'tls.handshake-failed'] },
  ),
  row(
    'closed with our certificate in hand, and not with a protocol name',
    'tls.alpn-required',
    'proven',
    failing('tls', {
      tls: refusedBy(undefined),
      experiments: [tried('alpn', 'accepted', { tls: { alpn: 'mqtt' } }), tried('repeat', 'refused')],
    }),
    { never: ['tls.client-certificate-refused'] },
  ),
  row(
    'alert 120',
    'tls.alpn-required',
    'proven',
    failing('tls', { tls: { ...nothing, alerts: [serverAlert(120, 'no_application_protocol')] } }),
  ),
  row(
    'a Diffie-Hellman group that the TLS library finds too small',
    'tls.server-weak-key',
    'proven',
    failing('tls', {
      tls: {
        ...nothing,
        reach: 'server-hello',
        version: 'TLSv1.2',
        cipher: 'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384',
        error: { code: 'ERR_SSL_DH_KEY_TOO_SMALL', message: 'dh key too small' },
        end: { by: 'client', how: 'fin', at: 40 },
        bytes: { client: 500, server: 2000 },
      },
    }),
    { never: ['tls.handshake-failed'] },
  ),
  row(
    'alert 80',
    'tls.handshake-failed',
    'likely',
    failing('tls', { tls: { ...nothing, alerts: [serverAlert(80, 'internal_error')] } }),
  ),
];
