import { execFileSync } from 'node:child_process';

/** Programs that the tests measure sapcert against, with the Debian package that brings each. */
const peers = {
  openssl: { probe: ['openssl', 'version'], install: 'openssl' },
  mosquitto: {
    probe: ['sh', '-c', 'command -v mosquitto || test -x /usr/sbin/mosquitto'],
    install: 'mosquitto',
  },
  mosquitto_pub: { probe: ['sh', '-c', 'command -v mosquitto_pub'], install: 'mosquitto-clients' },
  paho: { probe: ['python3', '-c', 'import paho.mqtt.client'], install: 'python3 python3-paho-mqtt' },
  python3: { probe: ['python3', '--version'], install: 'python3' },
  tshark: { probe: ['tshark', '--version'], install: 'tshark' },
  chromium: { probe: ['sh', '-c', 'command -v chromium'], install: 'chromium' },
  faketime: { probe: ['faketime', '--version'], install: 'faketime' },
  go: { probe: ['go', 'version'], install: 'golang-go' },
  java: { probe: ['javac', '-version'], install: 'default-jdk-headless' },
  erlang: {
    probe: ['erl', '-noshell', '-eval', '{ok, _} = application:ensure_all_started(ssl), halt(0).'],
    install: 'erlang-ssl erlang-base',
  },
  'gost-engine': { probe: ['openssl', 'engine', 'gost'], install: 'libengine-gost-openssl' },
  gnutls: { probe: ['gnutls-serv', '--version'], install: 'gnutls-bin' },
  nats: { probe: ['nats-server', '--version'], install: 'nats-server' },
  rabbitmq: { probe: ['test', '-x', '/usr/lib/rabbitmq/bin/rabbitmq-server'], install: 'rabbitmq-server' },
  parallel: { probe: ['parallel', '--version'], install: 'parallel' },
  yaml: { probe: ['python3', '-c', 'import yaml'], install: 'python3 python3-yaml' },
  haproxy: { probe: ['haproxy', '-v'], install: 'haproxy' },
  nginx: {
    probe: ['sh', '-c', 'command -v nginx && test -e /usr/lib/nginx/modules/ngx_stream_module.so'],
    install: 'nginx-light libnginx-mod-stream',
  },
  stunnel: { probe: ['sh', '-c', 'command -v stunnel4'], install: 'stunnel4' },
  socat: { probe: ['socat', '-V'], install: 'socat' },
  'ssh-keygen': { probe: ['sh', '-c', 'command -v ssh-keygen'], install: 'openssh-client' },
  puttygen: { probe: ['puttygen', '--version'], install: 'putty-tools' },
  keytool: { probe: ['keytool', '-help'], install: 'default-jre-headless' },
} as const;

export type Peer = keyof typeof peers;

/** The Debian packages that bring a program. */
export function packagesOf(peer: Peer): string {
  return peers[peer].install;
}

const found = new Map<Peer, boolean>();

export function hasPeer(peer: Peer): boolean {
  const known = found.get(peer);
  if (known !== undefined) return known;
  const present = runs(peers[peer].probe);
  found.set(peer, present);
  return present;
}

function runs([command, ...args]: readonly [string, ...string[]]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', env: peerEnv() });
    return true;
  } catch {
    return false;
  }
}

/** Debian's python3-paho-mqtt belongs to /usr/bin/python3; mosquitto lives in /usr/sbin. */
export function peerEnv(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `/usr/bin:/usr/sbin:/bin:/sbin:${process.env['PATH'] ?? ''}`, ...extra };
}
