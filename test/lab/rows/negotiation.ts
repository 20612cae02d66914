import { createSecureContext } from 'node:tls';
import { anyOf, named, oneOf, proven, type FailureRow } from '../row.js';
import { gateway } from '../servers/gateway.js';
import { serveMqtt } from '../servers/mqtt.js';
import { sServer } from '../servers/openssl.js';
import { afterHello, alert, raw, says } from '../servers/raw.js';
import { breaksOffAfter } from '../servers/relay.js';
import { only12, only13, requiring, tlsServer } from '../servers/tls.js';
import { connect } from 'node:net';
import type { At, Stand } from '../stand.js';
import { device, resolvesTo } from './support.js';

const version = /protocol version|unsupported protocol|no protocols available|version too low/i;
const cipher = /handshake failure|no (?:shared|common|suitable)|cipher/i;

/** Rows in which the two sides do not come to terms before any certificate is looked at. */
export const negotiationRows: readonly FailureRow[] = [
  {
    name: 'version: the broker speaks only TLS 1.3, the device only 1.2',
    expect: proven('tls.version-mismatch', { never: ['tls.no-common-cipher'] }),
    named: version,
    setup: async (stand) => device(stand, await gateway(stand, { tls: only13 }), { tlsVersion: '1.2' }),
  },
  {
    name: 'version: the broker speaks only TLS 1.2, the device only 1.3',
    expect: proven('tls.version-mismatch', { never: ['tls.no-common-cipher'] }),
    named: version,
    setup: async (stand) => device(stand, await gateway(stand, { tls: only12 }), { tlsVersion: '1.3' }),
  },
  ...(['-tls1', '-tls1_1'] as const).map((flag): FailureRow => ({
    name: `version: the broker speaks only an old TLS (s_server ${flag})`,
    needs: ['openssl'],
    expect: proven('tls.version-mismatch', { says: [/TLS 1\.[01]/] }),
    named: version,
    setup: async (stand) =>
      device(stand, await sServer(stand, { args: [flag, '-cipher', 'ALL:@SECLEVEL=0'] })),
  })),
  {
    name: 'version: a middlebox resets everything that offers TLS 1.3',
    expect: proven('tls.version-mismatch', { experiments: { 'tls-1.2': 'accepted' }, never: ['tcp.reset'] }),
    named: version,
    setup: async (stand) => {
      const behind = await gateway(stand, { tls: only12 });
      return device(stand, await screened(stand, behind, (hello) => offers13(hello)));
    },
  },
  {
    name: 'version: alert 70 to whatever is offered',
    expect: named('tls.version-mismatch'),
    named: version,
    setup: async (stand) => device(stand, await raw(stand, afterHello(says(alert(70), 'close')))),
  },
  {
    name: 'cipher: the broker has only CAMELLIA, TLS 1.2',
    needs: ['openssl'],
    expect: proven('tls.no-common-cipher', { never: ['tls.version-mismatch'] }),
    named: cipher,
    setup: async (stand) => {
      const identity = await stand.world.makeServer({ key: stand.world.device.key });
      return device(
        stand,
        await sServer(stand, { identity, args: ['-tls1_2', '-cipher', 'CAMELLIA256-SHA'] }),
      );
    },
  },
  {
    name: 'cipher: the broker has only CCM, TLS 1.3',
    needs: ['openssl'],
    expect: proven('tls.no-common-cipher', { never: ['tls.version-mismatch'] }),
    named: cipher,
    setup: async (stand) =>
      device(stand, await sServer(stand, { args: ['-tls1_3', '-ciphersuites', 'TLS_AES_128_CCM_SHA256'] })),
  },
  {
    name: 'cipher: alert 40 to whatever is offered',
    // Alert 40 before ServerHello is also what servers without a certificate or with a policy of their own say.
    expect: oneOf(['tls.no-common-cipher', 'tls.handshake-failed'], {
      never: ['tls.client-certificate-missing', 'tls.client-certificate-refused'],
    }),
    named: /handshake failure/i,
    setup: async (stand) => device(stand, await raw(stand, afterHello(says(alert(40), 'close')))),
  },
  {
    name: 'cipher: alert 71, insufficient security',
    expect: named('tls.no-common-cipher'),
    named: /insufficient security/i,
    setup: async (stand) => device(stand, await raw(stand, afterHello(says(alert(71), 'close')))),
  },
  {
    name: 'curve: the broker has only brainpool, TLS 1.2',
    needs: ['openssl'],
    // What a client sees is the alert of a missing cipher, with every cipher on offer.
    expect: anyOf(['tls.no-common-cipher']),
    named: cipher,
    setup: async (stand) => {
      const args = ['-tls1_2', '-groups', 'brainpoolP256r1', '-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384'];
      return device(stand, await sServer(stand, { args }));
    },
  },
  {
    name: 'SNI: a name that the router does not know gets alert 112',
    expect: proven('tls.sni-rejected', { never: ['tls.handshake-failed'] }),
    named: /unrecogni[sz]ed.name|SNI/i,
    setup: async (stand) =>
      device(stand, await raw(stand, afterHello(says(alert(112), 'close'))), {
        host: 'gateway.lab.test',
        lookup: resolvesTo('127.0.0.1'),
      }),
  },
  {
    name: 'SNI: the router closes on names that it does not know, and takes clients without a name',
    expect: proven('tls.sni-rejected', { experiments: { 'without-sni': 'accepted' }, never: ['tcp.closed'] }),
    named: /unrecogni[sz]ed.name|SNI|server ?name/i,
    setup: async (stand) => {
      const identity = await stand.world.makeServer({ altNames: ['gateway.lab.test'] });
      const behind = await tlsServer(stand, identity, (socket) => serveMqtt(socket, {}));
      const at = await screened(stand, behind, (hello) => hello.includes('gateway.lab.test'), 'close');
      return device(stand, at, { host: 'gateway.lab.test', lookup: resolvesTo('127.0.0.1') });
    },
  },
  {
    name: 'SNI: the router fails unknown names with an error of its own (Node)',
    // No alert comes at all, only the end; a client without a name gets through.
    expect: named('tls.sni-rejected', { never: ['tcp.closed', 'tcp.reset', 'tls.version-mismatch'] }),
    named: /unrecogni[sz]ed.name|SNI|server ?name/i,
    setup: async (stand) => {
      const { makeServer, server } = stand.world;
      const known = createSecureContext(await makeServer({ altNames: ['gateway.lab.test'] }));
      const at = await tlsServer(
        stand,
        {
          ...server,
          SNICallback: (name, done) =>
            name === 'known.lab.test' ? done(null, known) : done(new Error('unknown name')),
        },
        (socket) => serveMqtt(socket, {}),
      );
      return device(stand, at, { host: 'localhost' });
    },
  },
  ...(
    [
      ['the device names none', {}],
      ['the device names another', { alpn: ['x-other'] }],
    ] as const
  ).map(([what, more]): FailureRow => ({
    name: `ALPN: the port demands a protocol name, ${what}`,
    expect: named('tls.alpn-required', { never: ['tls.no-common-cipher', 'tls.handshake-failed'] }),
    named: /ALPN|application protocol/i,
    setup: async (stand) => device(stand, await alpnPort(stand), more),
  })),
  ...(['silence', 'close', 'reset'] as const).map((how): FailureRow => ({
    name: `ALPN: the port answers a ClientHello without a protocol name with ${how}`,
    expect: named('tls.alpn-required', {
      experiments: { alpn: 'accepted' },
      never: ['tls.silent', 'tcp.closed', 'tcp.reset', 'tls.sni-rejected'],
    }),
    named: /ALPN|application protocol/i,
    setup: async (stand) => device(stand, await alpnPort(stand, how)),
  })),
  {
    name: 'ALPN: the port closes without a protocol name, and names none as its choice either',
    expect: named('tls.alpn-required', { never: ['tcp.closed', 'tls.handshake-failed'] }),
    named: /ALPN|application protocol/i,
    setup: async (stand) => {
      const behind = await gateway(stand);
      return device(stand, await screened(stand, behind, (hello) => !hello.includes('mqtt'), 'close'));
    },
  },
  ...([only12, only13] as const).map((tls): FailureRow => ({
    name: `ALPN: without a protocol name the port closes after the handshake, ${tls.minVersion ?? ''}`,
    expect: named('tls.alpn-required', {
      never: ['tls.client-certificate-refused', 'tls.client-certificate-issuer-not-accepted'],
    }),
    named: /ALPN|application protocol/i,
    setup: async (stand) => {
      const setup = { ...tls, ...requiring(stand.world.deviceRoot.pem), ALPNProtocols: ['mqtt'] };
      const at = await tlsServer(stand, setup, (socket) =>
        socket.alpnProtocol === false ? void socket.end() : serveMqtt(socket, {}),
      );
      return device(stand, at);
    },
  })),
  {
    name: 'version: a middlebox says nothing to what offers TLS 1.3',
    expect: proven('tls.version-mismatch', { experiments: { 'tls-1.2': 'accepted' }, never: ['tls.silent'] }),
    named: version,
    setup: async (stand) => {
      const behind = await gateway(stand, { tls: only12 });
      return device(stand, await screened(stand, behind, offers13, 'silence'));
    },
  },
  {
    name: 'SNI: the router says nothing to names that it does not know, and takes clients without a name',
    expect: named('tls.sni-rejected', { never: ['tls.silent', 'tls.version-mismatch'] }),
    named: /unrecogni[sz]ed.name|SNI|server ?name/i,
    setup: async (stand) => {
      const behind = await gateway(stand);
      const at = await screened(stand, behind, (hello) => hello.includes('localhost'), 'silence');
      return device(stand, at, { host: 'localhost' });
    },
  },
  ...([3, 60, 127] as const).map((bytes): FailureRow => ({
    name: `handshake: the server closes ${bytes} bytes into its answer`,
    expect: anyOf(['tcp.closed'], {
      certainty: ['likely'],
      never: ['tls.handshake-failed', 'tls.version-mismatch', 'tls.alpn-required'],
      says: [/bytes of a|in the middle/],
    }),
    named: /closed|reset|EOF/i,
    setup: async (stand) => {
      const behind = await gateway(stand, { tls: only13 });
      return device(stand, await breaksOffAfter(stand, behind, bytes));
    },
  })),
  {
    name: 'ALPN: alert 120 to whatever is offered',
    expect: named('tls.alpn-required'),
    named: /ALPN|application protocol/i,
    setup: async (stand) => device(stand, await raw(stand, afterHello(says(alert(120), 'close')))),
  },
  {
    name: 'handshake: alert 80, internal error, to whatever is offered',
    expect: named('tls.handshake-failed', { never: ['tls.no-common-cipher', 'tls.version-mismatch'] }),
    named: /internal error/i,
    setup: async (stand) => device(stand, await raw(stand, afterHello(says(alert(80), 'close')))),
  },
  {
    name: 'handshake: alert 49, access denied, before anything was shown',
    expect: named('tls.handshake-failed', {
      never: ['tls.client-certificate-refused', 'tls.no-common-cipher'],
    }),
    named: /access denied/i,
    setup: async (stand) => device(stand, await raw(stand, afterHello(says(alert(49), 'close')))),
  },
  {
    name: 'handshake: a ServerHello that makes no sense',
    expect: named('tls.handshake-failed'),
    named: /bad|decode|unexpected|invalid|wrong|length/i,
    setup: async (stand) => {
      const nonsense = Uint8Array.from([
        22,
        3,
        3,
        0,
        44,
        2,
        0,
        0,
        40,
        9,
        9,
        ...Array.from({ length: 38 }, () => 7),
      ]);
      return device(stand, await raw(stand, afterHello(says(nonsense))), { timeout: 1200 });
    },
  },
];

/** A router that cuts off connections whose ClientHello it does not like. */
async function screened(
  stand: Stand,
  to: At,
  dislikes: (hello: Buffer) => boolean,
  how: 'reset' | 'close' | 'silence' = 'reset',
): Promise<At> {
  return raw(stand, (client) => {
    client.once('data', (hello: Buffer) => {
      if (dislikes(hello)) {
        if (how === 'close') client.end();
        else if (how === 'reset') client.resetAndDestroy();
        return;
      }
      const server = connect(to.port, '127.0.0.1');
      stand.defer(() => server.destroy());
      server.on('error', () => client.destroy()).on('close', () => client.destroy());
      client.on('close', () => server.destroy());
      server.write(hello);
      client.pipe(server).pipe(client);
    });
  });
}

/** The supported_versions extension of a ClientHello with 0x0304 in it (RFC 8446 section 4.2.1). */
function offers13(hello: Buffer): boolean {
  const at = hello.indexOf(Buffer.from([0, 43, 0]));
  return at > 0 && hello.subarray(at + 5, at + 5 + (hello[at + 4] ?? 0)).includes(Buffer.from([3, 4]));
}

/** Answers so, by default with alert 120, to a ClientHello without the protocol name `mqtt` or `x-amzn-mqtt-ca`. */
async function alpnPort(stand: Stand, how?: 'silence' | 'close' | 'reset'): Promise<At> {
  const behind = await tlsServer(stand, { ALPNProtocols: ['x-amzn-mqtt-ca', 'mqtt'] }, (socket) =>
    serveMqtt(socket, {}),
  );
  if (how !== undefined) return screened(stand, behind, (hello) => !hello.includes('mqtt'), how);
  return raw(stand, (client) => {
    client.once('data', (hello: Buffer) => {
      if (!hello.includes('mqtt')) return void client.end(alert(120));
      const server = connect(behind.port, '127.0.0.1');
      stand.defer(() => server.destroy());
      server.on('error', () => client.destroy()).on('close', () => client.destroy());
      client.on('close', () => server.destroy());
      server.write(hello);
      client.pipe(server).pipe(client);
    });
  });
}
