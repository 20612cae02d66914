import { certificate, failing, serverLeaf, serverRoot } from '../evidence.js';
import { type Row, row, distrusted, unanchored } from './row.js';

export const serverRows: readonly Row[] = [
  row(
    'expired',
    'tls.server-expired',
    'proven',
    failing('tls', {
      tls: distrusted('CERT_HAS_EXPIRED', {}, [{ ...serverLeaf, notAfter: '2026-05-01T00:00:00Z' }]),
    }),
  ),
  row(
    'not yet valid',
    'tls.server-not-yet-valid',
    'proven',
    failing('tls', {
      tls: distrusted('CERT_NOT_YET_VALID', {}, [{ ...serverLeaf, notBefore: '2026-07-01T00:00:00Z' }]),
    }),
  ),
  row(
    'both sides not yet valid',
    'clock.wrong',
    'likely',
    failing('tls', {
      file: { leaf: certificate({ notBefore: '2026-07-01T00:00:00Z' }) },
      tls: distrusted('CERT_NOT_YET_VALID', {}, [{ ...serverLeaf, notBefore: '2026-07-02T00:00:00Z' }]),
    }),
  ),
  row(
    'a clock of before sapcert',
    'clock.wrong',
    'proven',
    failing('tls', { checkedAt: '1970-01-01T00:10:00.000Z', tls: distrusted('CERT_NOT_YET_VALID') }),
  ),
  row(
    'another host',
    'tls.server-wrong-host',
    'proven',
    failing('tls', {
      tls: distrusted('ERR_TLS_CERT_ALTNAME_INVALID', {
        nameMatches: false,
        certificateNames: ['other.example'],
      }),
    }),
  ),
  row(
    'a default certificate',
    'tls.wrong-virtual-host',
    'likely',
    failing('tls', {
      tls: distrusted('DEPTH_ZERO_SELF_SIGNED_CERT', { ...unanchored, nameMatches: false }, [
        { ...serverLeaf, subject: 'CN=TRAEFIK DEFAULT CERT', issuer: 'CN=TRAEFIK DEFAULT CERT' },
      ]),
    }),
  ),
  row(
    'self-signed',
    'tls.server-self-signed',
    'proven',
    failing('tls', {
      tls: distrusted('DEPTH_ZERO_SELF_SIGNED_CERT', { anchored: false }, [
        { ...serverLeaf, issuer: serverLeaf.subject, selfIssued: true },
      ]),
    }),
  ),
  row(
    'its root is sent, and is not trusted',
    'tls.server-untrusted',
    'proven',
    failing('tls', {
      file: { trust: { source: 'default', count: 140 } },
      tls: distrusted('SELF_SIGNED_CERT_IN_CHAIN', { anchored: false }, [serverLeaf, serverRoot]),
    }),
  ),
  row(
    'another CA file',
    'ca-file.not-the-issuer',
    'proven',
    failing('tls', {
      tls: distrusted('SELF_SIGNED_CERT_IN_CHAIN', { anchored: false }, [serverLeaf, serverRoot]),
    }),
  ),
  row(
    'the missing link is in the bundle',
    'tls.server-chain-incomplete',
    'proven',
    failing('tls', {
      tls: distrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', { ...unanchored, completedByBundle: true }),
    }),
  ),
  row(
    'a leaf of nobody that is known',
    'ca-file.not-the-issuer',
    'possible',
    failing('tls', { tls: distrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', unanchored) }),
    { also: ['tls.server-chain-incomplete'] },
  ),
  row(
    'not for servers',
    'tls.server-wrong-purpose',
    'proven',
    failing('tls', { tls: distrusted('INVALID_PURPOSE') }),
  ),
  row(
    'the authority in the CA file is none',
    'ca-file.unusable',
    'proven',
    failing('tls', {
      file: {
        trust: {
          source: 'ca-file',
          name: 'ca.pem',
          count: 1,
          certificates: [{ ...serverRoot, isCa: false }],
        },
      },
      tls: distrusted('INVALID_CA', { anchor: serverRoot.subject }),
    }),
    { never: ['tls.server-wrong-purpose'] },
  ),
  row('too weak', 'tls.server-weak-key', 'proven', failing('tls', { tls: distrusted('EE_KEY_TOO_SMALL') })),
  row(
    'an inspecting proxy',
    'tls.intercepted',
    'likely',
    failing('tls', {
      tls: distrusted('SELF_SIGNED_CERT_IN_CHAIN', unanchored, [
        { ...serverLeaf, issuer: 'O=Zscaler Inc., CN=Zscaler Intermediate Root CA' },
      ]),
    }),
    { never: ['tls.server-chain-incomplete'] },
  ),
  row(
    "SAP's gateway by its name, which neither is known nor asks for a certificate",
    'tls.intercepted',
    'possible',
    failing('tls', {
      target: { profile: 'sap-iot' },
      tls: {
        ...distrusted('UNABLE_TO_VERIFY_LEAF_SIGNATURE', unanchored),
        request: undefined,
        sent: undefined,
      },
    }),
    { also: ['ca-file.not-the-issuer', 'tls.server-chain-incomplete'] },
  ),
];
