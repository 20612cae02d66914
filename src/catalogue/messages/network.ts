import type { KnownMessage } from './message.js';

/** What the system says, in the words of C, Node, Python, Java and Go. */
export const networkMessages: readonly KnownMessage[] = [
  {
    program: 'the system',
    pattern: /\bENOENT\b|No such file or directory|FileNotFoundError/i,
    examples: [
      "FileNotFoundError: [Errno 2] No such file or directory: 'device.newcert.pem'",
      "Error: ENOENT: no such file or directory, open 'ca.crt'",
      "Can't open device.secret for reading, No such file or directory",
    ],
    explanation: 'A file that the program was told to load does not exist where it looks.',
    means: ['file.not-found', 'ca-file.unusable'],
    remedy: ['Give the whole path: a service or a container starts in another folder than you do.'],
  },
  {
    program: 'the system',
    pattern: /Temporary failure in name resolution|\bEAI_AGAIN\b/i,
    examples: [
      'Error: getaddrinfo EAI_AGAIN demo.eu10.cp.iot.sap',
      'socket.gaierror: [Errno -3] Temporary failure in name resolution',
    ],
    explanation: 'No name server answered: there may be no network at all.',
    means: ['dns.failed', 'dns.not-found'],
  },
  {
    program: 'the system',
    pattern:
      /\bENOTFOUND\b|getaddrinfo|Name or service not known|nodename nor servname|UnknownHostException|no such host|\bLookup error\b/i,
    examples: [
      'Error: getaddrinfo ENOTFOUND demo.eu10.cp.iot.sap',
      'socket.gaierror: [Errno -2] Name or service not known',
      'java.net.UnknownHostException: demo.eu10.cp.iot.sap',
      'dial tcp: lookup demo.eu10.cp.iot.sap: no such host',
      'Unable to connect (Lookup error).',
      'Error: Lookup error.',
    ],
    explanation: 'The name of the server could not be turned into an address.',
    means: ['dns.not-found', 'dns.failed'],
  },
  {
    program: 'the system',
    pattern:
      /ECONNREFUSED|WinError 10061|actively refused|(?:^|[:\]] ?|Error: )Connection refused\b(?! ?[:,])/i,
    examples: [
      'Error: connect ECONNREFUSED 127.0.0.1:8883',
      'ConnectionRefusedError: [Errno 111] Connection refused',
      'dial tcp 127.0.0.1:8883: connect: connection refused',
      'java.net.ConnectException: Connection refused',
    ],
    explanation: 'The machine answered that nothing listens on this port.',
    means: ['tcp.refused'],
  },
  {
    program: 'the system',
    pattern:
      /ETIMEDOUT|WinError 10060|connect timed out|Connection timed out|i\/o timeout|timed out \(_ssl|handshake operation timed out|TimeoutError/i,
    examples: [
      'Error: connect ETIMEDOUT 203.0.113.5:8883',
      'java.net.SocketTimeoutException: connect timed out',
      'dial tcp 203.0.113.5:8883: i/o timeout',
      'socket.timeout: _ssl.c:1112: The handshake operation timed out',
    ],
    explanation: 'No answer came in time: to the connection, or to what was said over it.',
    means: ['tcp.timeout', 'tls.silent', 'tls.partial-then-silent'],
  },
  {
    program: 'the system',
    pattern: /EHOSTUNREACH|ENETUNREACH|No route to host|Network is unreachable/i,
    examples: [
      'Error: connect EHOSTUNREACH 10.0.0.7:8883',
      'OSError: [Errno 101] Network is unreachable',
      'connect: no route to host',
    ],
    explanation: 'No way leads from here to the address of the server.',
    means: ['tcp.unreachable', 'tcp.wrong-address-family'],
  },
  {
    program: 'the system',
    pattern:
      /ECONNRESET|disconnected before secure TLS connection|Connection reset by peer|socket hang up|EPIPE|Broken pipe|ConnectionResetError|wsarecv|forcibly closed/i,
    examples: [
      'Error: read ECONNRESET',
      'Error: Client network socket disconnected before secure TLS connection was established',
      'ConnectionResetError: [Errno 104] Connection reset by peer',
      'java.net.SocketException: Connection reset by peer',
      'read tcp 127.0.0.1:53122->127.0.0.1:8883: read: connection reset by peer',
    ],
    explanation:
      'The other side, or something in between, cut the connection. After a client certificate was sent that is often how it is refused.',
    means: [
      'tcp.reset',
      'tls.client-certificate-refused',
      'tls.plain-mqtt-port',
      'mqtt.closed-before-connack',
    ],
  },
];
