import { anyOf, named, proven, type FailureRow } from '../row.js';
import { socat, stunnel } from '../servers/proxy.js';
import { closedPort } from '../servers/raw.js';
import { closed, foreign, plain } from './before.js';
import { device, impatient } from './support.js';

export const tunnelRows: readonly FailureRow[] = [
  {
    name: 'stunnel: a certificate of another authority',
    needs: ['stunnel', 'mosquitto'],
    expect: named('tls.client-certificate-issuer-not-accepted'),
    named: /unknown ca|issuer/i,
    setup: async (stand) => {
      const behind = await plain(stand);
      const at = await stunnel(stand, ({ port, cert, key, ca }) => [
        `accept = 127.0.0.1:${port}`,
        `connect = 127.0.0.1:${behind.port}`,
        `cert = ${cert}`,
        `key = ${key}`,
        `CAfile = ${ca}`,
        'verifyChain = yes',
      ]);
      return device(stand, at, { input: await foreign(stand) });
    },
  },
  {
    name: 'stunnel: the peer’s certificate is not pinned (verifyPeer)',
    needs: ['stunnel', 'mosquitto'],
    expect: anyOf(['tls.client-certificate-refused', 'tls.client-certificate-issuer-not-accepted'], {
      never: ['tls.client-certificate-chain-incomplete', 'tls.client-certificate-expired'],
    }),
    named: /alert|refused|certificate/i,
    setup: async (stand) => {
      const behind = await plain(stand);
      const other = await stand.world.makeDevice({ subject: 'CN=another' });
      const at = await stunnel(stand, ({ port, cert, key, file }) => [
        `accept = 127.0.0.1:${port}`,
        `connect = 127.0.0.1:${behind.port}`,
        `cert = ${cert}`,
        `key = ${key}`,
        `CAfile = ${file('pins', other.pem + stand.world.deviceIssuer.pem + stand.world.deviceRoot.pem)}`,
        'verifyPeer = yes',
      ]);
      return device(stand, at);
    },
  },
  {
    name: 'stunnel: the broker behind it is down',
    needs: ['stunnel'],
    expect: named('mqtt.closed-before-connack', { never: ['tcp.closed', 'tcp.reset'] }),
    named: closed,
    setup: async (stand) => {
      const dead = await closedPort();
      const at = await stunnel(stand, ({ port, cert, key }) => [
        `accept = 127.0.0.1:${port}`,
        `connect = 127.0.0.1:${dead.port}`,
        `cert = ${cert}`,
        `key = ${key}`,
      ]);
      return device(stand, at);
    },
  },
  {
    name: 'stunnel works with pre-shared keys on this port',
    needs: ['stunnel'],
    expect: anyOf(['tls.no-common-cipher'], { says: [/PSK|pre-shared/] }),
    named: /cipher|PSK|handshake failure/i,
    setup: async (stand) => {
      const at = await stunnel(stand, ({ port, file }) => [
        `accept = 127.0.0.1:${port}`,
        'connect = 127.0.0.1:9',
        'ciphers = PSK',
        'sslVersionMax = TLSv1.2',
        `PSKsecrets = ${file('psk', 'device:0123456789abcdef0123456789abcdef\n')}`,
      ]);
      return device(stand, at);
    },
  },
  {
    name: 'socat before a broker that is down',
    needs: ['socat'],
    expect: anyOf(['tcp.closed', 'tcp.reset'], { never: ['tls.sni-rejected', 'tls.version-mismatch'] }),
    named: closed,
    setup: async (stand) => {
      const dead = await closedPort();
      const at = await socat(stand, ({ port }) => [
        `TCP4-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr`,
        `TCP4:127.0.0.1:${dead.port}`,
      ]);
      return device(stand, at);
    },
  },
  {
    name: 'socat ends TLS and wants a certificate of another authority',
    needs: ['socat', 'mosquitto'],
    expect: named('tls.client-certificate-issuer-not-accepted'),
    named: /unknown ca|issuer/i,
    setup: async (stand) => {
      const behind = await plain(stand);
      const at = await socat(stand, ({ port, cert, key, ca }) => [
        `OPENSSL-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr,cert=${cert},key=${key},cafile=${ca},verify=1`,
        `TCP4:127.0.0.1:${behind.port}`,
      ]);
      return device(stand, at, { input: await foreign(stand) });
    },
  },
  {
    name: 'socat echoes what it hears, inside TLS',
    needs: ['socat'],
    expect: proven('mqtt.malformed-reply'),
    named: /malformed|protocol|connack/i,
    setup: async (stand) => {
      const at = await socat(stand, ({ port, cert, key }) => [
        `OPENSSL-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr,cert=${cert},key=${key},verify=0`,
        'PIPE',
      ]);
      return device(stand, at, { timeout: impatient });
    },
  },
  {
    name: 'socat echoes what it hears, without TLS',
    needs: ['socat'],
    expect: anyOf(['tls.not-tls', 'tls.handshake-failed'], {
      never: ['tls.version-mismatch', 'tls.server-weak-key'],
    }),
    named: /unexpected|wrong version|not TLS|handshake/i,
    setup: async (stand) => {
      const at = await socat(stand, ({ port }) => [
        `TCP4-LISTEN:${port},bind=127.0.0.1,fork,reuseaddr`,
        'PIPE',
      ]);
      return device(stand, at, { timeout: impatient });
    },
  },
];
