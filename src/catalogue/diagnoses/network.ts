import type { DnsCode, TcpCode } from '../../codes.js';
import type { Entry } from '../entry.js';

export const dnsEntries: Readonly<Record<DnsCode, Entry>> = {
  'dns.not-found': {
    title: 'there is no host by this name',
    explanation: 'The name has no address.',
    causes: [
      'The name is misspelt.',
      'The instance was deleted, or its landscape has another name.',
      'A name that only a company network knows.',
    ],
    remedy: [
      'Check the name; with SAP IoT it is INSTANCE.LANDSCAPE.cp.iot.sap.',
      'Use the DNS server or the VPN of the network that knows the name.',
    ],
    source: 'RFC 1034 section 4.3.1; RFC 2308',
  },
  'dns.failed': {
    title: 'the name could not be looked up',
    explanation: 'The look-up failed or was not answered; it is not known whether the name exists.',
    causes: ['This machine has no network, or no DNS server that answers.', 'A firewall blocks DNS.'],
    remedy: ['Check the network and the DNS settings of this machine.'],
    source: 'RFC 1035 section 4.1.1; getaddrinfo(3), EAI_AGAIN',
  },
};

export const tcpEntries: Readonly<Record<TcpCode, Entry>> = {
  'tcp.refused': {
    title: 'nothing accepts connections on this port',
    explanation: 'The machine answers at once that the port is closed.',
    causes: [
      'A wrong port.',
      'The broker is not running, or listens on another address.',
      'A firewall that rejects.',
    ],
    remedy: ['Check the port.', 'Check that the broker runs and listens on this address.'],
    source: 'RFC 9293 section 3.5.2; ECONNREFUSED',
  },
  'tcp.timeout': {
    title: 'the host does not answer at all',
    explanation: 'Packets to this address and port vanish.',
    causes: [
      'A firewall, here or there, drops them: port 8883 is often closed in company networks.',
      'The machine is off, or the address is wrong.',
    ],
    remedy: [
      'Let the network allow outgoing connections to this host and port.',
      'Try from another network, for example over a phone.',
    ],
    source: 'RFC 9293 section 3.8.3; ETIMEDOUT',
  },
  'tcp.unreachable': {
    title: 'there is no way to the host',
    explanation: 'This machine or a router on the way knows no route to the address.',
    causes: ['No network, or no VPN.', 'An address of a private network that is not here.'],
    remedy: ['Check the network and the VPN of this machine.'],
    source: 'RFC 1122 section 3.2.2.1; EHOSTUNREACH, ENETUNREACH',
  },
  'tcp.reset': {
    title: 'the connection is reset before TLS begins',
    explanation: 'Something ends the connection hard, without a word of TLS.',
    causes: [
      'A firewall that looks into the handshake and forbids it.',
      'A load balancer without a working broker behind it.',
      'The broker crashed.',
    ],
    remedy: [
      'Try from another network: if it works there, a firewall is the cause.',
      'Ask the operator of the server.',
    ],
    source: 'RFC 9293 section 3.5.2; ECONNRESET',
  },
  'tcp.closed': {
    title: 'the server closes the connection before TLS begins',
    explanation: 'The port accepts connections and ends them without a word of TLS.',
    causes: [
      'A load balancer without a working broker behind it.',
      'The server allows only certain addresses.',
      'The port wants another protocol, or the PROXY protocol first.',
    ],
    remedy: ['Check the port.', 'Ask the operator of the server whether this address is allowed.'],
    source: 'RFC 9293 section 3.6',
  },
  'tcp.wrong-address-family': {
    title: 'the server cannot be reached over this family of addresses',
    explanation: 'It works over IPv4 and not over IPv6, or the other way round.',
    causes: [
      'The server listens on one of the two only, for example on 127.0.0.1 and not on ::1.',
      'This machine has no IPv6, and the host has nothing else.',
    ],
    remedy: ['Use a name or an address of the family that works.'],
    source: 'RFC 8305',
  },
};
