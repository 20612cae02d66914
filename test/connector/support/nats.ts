import { writeFileSync } from 'node:fs';
import { freePort, ServerProcess } from './processes.js';
import type { World } from './world.js';

/** nats-server with MQTT over mutual TLS; MQTT needs JetStream there. */
export async function nats(world: World): Promise<ServerProcess> {
  const [port, own] = [await freePort(), await freePort()];
  const config = world.path('nats.conf');
  const content = `
    server_name: test
    listen: 127.0.0.1:${own}
    jetstream { store_dir: ${JSON.stringify(world.path('nats'))} }
    mqtt {
      listen: 127.0.0.1:${port}
      tls {
        cert_file: ${JSON.stringify(world.path('server.crt'))}
        key_file: ${JSON.stringify(world.path('server.key'))}
        ca_file: ${JSON.stringify(world.path('device-ca.crt'))}
        verify: true
      }
    }`;
  writeFileSync(config, content);
  return new ServerProcess(port, ['nats-server', '-c', config], { cwd: world.dir }).start();
}
