import type { Entry } from '../entry.js';

/** What answers, how TLS is agreed on, and the clock. */
export const tlsPortEntries = {
  'tls.plain-mqtt-port': {
    title: 'the port speaks MQTT without TLS',
    explanation:
      'The broker answers plain MQTT here and cannot make sense of a TLS handshake. A client certificate is of no use on this port.',
    causes: ['Port 1883 instead of 8883.', 'The broker has no TLS listener.'],
    remedy: [
      'Use the TLS port of the broker, usually 8883.',
      'Never send a password over this port: anybody on the way can read it.',
    ],
    source: 'MQTT 3.1.1 section 5.4.9; IANA: 1883 mqtt, 8883 secure-mqtt',
  },
  'tls.http-port': {
    title: 'the port speaks HTTP, not MQTT',
    explanation: 'A web server answers here.',
    causes: [
      'The port of the web interface or the REST API.',
      'A proxy or a captive portal answers in the place of the broker.',
    ],
    remedy: [
      'Use the MQTT port of the broker, usually 8883.',
      'In a guest network, log in to its portal first.',
    ],
    source: 'RFC 9112',
  },
  'tls.wss-port': {
    title: 'the port speaks MQTT over WebSocket',
    explanation: 'The server wants an HTTP upgrade to WebSocket before MQTT.',
    causes: ['Port 443 or 8084 of a broker, meant for browsers.'],
    remedy: ['Or use the port for MQTT over TLS, usually 8883.'],
    source: 'RFC 6455; MQTT 3.1.1 section 6',
  },
  'tls.not-tls': {
    title: 'the port speaks another protocol',
    explanation: 'What answers is neither TLS nor MQTT.',
    causes: ['A wrong port.', 'A wrong host.'],
    remedy: ['Check host and port; MQTT over TLS usually has 8883.'],
    source: 'RFC 8446 section 5.1',
  },
  'tls.silent': {
    title: 'the server accepts the connection and never answers',
    explanation: 'The connection is there, and nothing comes back to a TLS handshake.',
    causes: [
      'The broker hangs or is overloaded.',
      'The port is for another protocol that waits for its own greeting.',
      'A firewall lets the connection be made and then drops its data.',
    ],
    remedy: ['Check the port.', 'Restart the broker, or ask its operator.', 'Try from another network.'],
    source: 'RFC 8446 section 4.1.1',
  },
  'tls.partial-then-silent': {
    title: 'the answer stops in the middle of the handshake',
    explanation:
      'The server begins to answer, and then nothing more arrives: large packets get lost on the way.',
    causes: [
      'The path takes only smaller packets than it admits (MTU), usual with VPN, PPPoE and mobile networks.',
      'A firewall that drops what it does not like.',
      'The server hung in the middle of the handshake.',
    ],
    remedy: [
      'Make the packets smaller, for example: ip link set dev eth0 mtu 1280',
      'Let routers and firewalls pass ICMP "packet too big", or clamp the MSS.',
    ],
    source: 'RFC 2923 section 2.1; RFC 8899',
  },
  'tls.handshake-failed': {
    title: 'the TLS handshake failed',
    explanation:
      'The two sides could not agree, for a reason that the evidence does not name more precisely.',
    causes: ['A fault or a bad configuration of the server.', 'A middlebox that changes the handshake.'],
    remedy: ['Ask the operator of the server for its log of this moment.', 'Look at the wire: --trace.'],
    source: 'RFC 8446 section 6.2; RFC 5246 section 7.2.2',
  },
  'tls.version-mismatch': {
    title: 'the two sides have no version of TLS in common',
    explanation: 'The server does not speak the versions of TLS that were offered.',
    causes: [
      'The server speaks TLS 1.2 only, or 1.3 only, and the client was told otherwise.',
      'The server is so old that it has TLS 1.0 and 1.1 only.',
      'A middlebox that cannot cope with TLS 1.3.',
    ],
    remedy: ['Let the client speak the version that the server has; TLS 1.2 is the least that is safe.'],
    source: 'RFC 8446 section 4.1.1; RFC 8996',
  },
  'tls.no-common-cipher': {
    title: 'the two sides have no cipher in common',
    explanation: 'The server refused the handshake before it chose any parameters.',
    causes: [
      'The server allows only ciphers, curves or signatures that the client lacks.',
      'The server has no usable certificate for this name.',
    ],
    remedy: ['Let the server allow the usual ciphers: AES-GCM or ChaCha20 with ECDHE.'],
    source: 'RFC 5246 section 7.4.1.3; RFC 8446 section 4.1.1; RFC 9325 section 4.2',
  },
  'tls.sni-rejected': {
    title: 'the server does not serve this name',
    explanation:
      'The handshake fails because of the server name that it carries, or because it carries none.',
    causes: [
      'The host is an alias that the server does not know.',
      'The host is an address, and the server routes by name.',
      'A firewall forbids this name.',
    ],
    remedy: ['Connect by the name that the server is known under, or give it: --servername NAME.'],
    source: 'RFC 6066 section 3',
  },
  'tls.wrong-virtual-host': {
    title: 'another site of the same server answers',
    explanation:
      'The server does not know the name that was asked for and shows the certificate of its default site.',
    causes: [
      'The name is not configured at the gateway or the ingress.',
      'The client sent no server name, or the wrong one.',
    ],
    remedy: [
      'Use the name that the gateway is configured for.',
      'Let the operator add the name to the gateway.',
    ],
    source: 'RFC 6066 section 3; RFC 9525',
  },
  'tls.alpn-required': {
    title: 'the port wants a protocol name in the handshake (ALPN)',
    explanation: 'Several protocols share the port, and the server tells them apart by ALPN.',
    causes: ['MQTT on port 443, for example of AWS IoT.'],
    remedy: [
      'Let the client offer the ALPN name that the provider documents, for example x-amzn-mqtt-ca or mqtt.',
    ],
    source: 'RFC 7301 section 3.2',
  },
  'tls.intercepted': {
    title: 'something on the way replaces the server certificate',
    explanation:
      'A firewall or virus scanner opens the TLS connection and makes its own. The client certificate cannot get through it.',
    causes: ['A company network that inspects TLS.', 'A virus scanner on this machine.'],
    remedy: [
      'Let the network exempt this host and port from inspection.',
      'Try from another network, for example over a phone.',
    ],
    source: 'RFC 8446 section 9.3; RFC 9325',
  },
  'clock.wrong': {
    title: 'the clock of this machine is wrong',
    explanation: 'By this clock, certificates that are good seem expired or not valid yet.',
    causes: [
      'A device without a battery-backed clock that has not asked a time server yet.',
      'A wrong date.',
    ],
    remedy: ['Set the clock, for example by NTP, before the device connects.'],
    source: 'RFC 5280 section 4.1.2.5; RFC 5905',
  },
} as const satisfies Readonly<Record<string, Entry>>;
