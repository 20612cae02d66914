import { start, type At, type Stand } from '../stand.js';
import { accepting, freePort } from './ports.js';

export interface NatsSetup {
  /** Client certificates of the device root are required. */
  readonly verify?: true;
  /** The block `authorization { ... }`. */
  readonly authorization?: string;
}

/** A real nats-server that speaks MQTT 3.1.1 over TLS (crypto/tls of Go). */
export async function nats(stand: Stand, { verify, authorization = '' }: NatsSetup): Promise<At> {
  const { server, deviceRoot } = stand.world;
  const [port, inner] = [await freePort(), await freePort()];
  const file = (name: string, text: string): string => stand.file(`${port}-${name}`, text);
  const configuration = `
    server_name: lab
    host: 127.0.0.1
    port: ${inner}
    jetstream { store_dir: "${file('store', '')}.d" }
    ${authorization}
    mqtt {
      host: 127.0.0.1
      port: ${port}
      tls {
        cert_file: "${file('crt', server.cert)}"
        key_file: "${file('key', server.key)}"
        ${verify === true ? `ca_file: "${file('ca', deviceRoot.pem)}", verify: true` : ''}
      }
    }
  `;
  await accepting(port, start(stand, 'nats-server', ['-c', file('conf', configuration)]));
  return { host: 'localhost', port };
}
