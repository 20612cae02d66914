import { mkdirSync, writeFileSync } from 'node:fs';
import { freePort, ServerProcess } from './processes.js';
import type { World } from './world.js';

export interface Node {
  readonly port: number;
  readonly kill: () => Promise<void>;
}

/** A RabbitMQ node of its own, with nothing but its MQTT plugin, over mutual TLS. */
export async function rabbitmq(world: World): Promise<Node> {
  const [port, amqp, distribution, mapper] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const home = world.path('rabbitmq');
  mkdirSync(home);
  const config = `
    listeners.tcp.default = 127.0.0.1:${amqp}
    mqtt.listeners.tcp = none
    mqtt.listeners.ssl.default = 127.0.0.1:${port}
    mqtt.allow_anonymous = true
    mqtt.default_user = guest
    mqtt.default_pass = guest
    ssl_options.cacertfile = ${world.path('device-ca.crt')}
    ssl_options.certfile = ${world.path('server.crt')}
    ssl_options.keyfile = ${world.path('server.key')}
    ssl_options.verify = verify_peer
    ssl_options.fail_if_no_peer_cert = true
    log.console = true
    log.file = false`;
  writeFileSync(`${home}/rabbitmq.conf`, config);
  writeFileSync(`${home}/plugins`, '[rabbitmq_mqtt].');
  const env = {
    HOME: home,
    RABBITMQ_NODENAME: `test${port}@localhost`,
    RABBITMQ_NODE_PORT: String(amqp),
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_CONFIG_FILE: `${home}/rabbitmq.conf`,
    RABBITMQ_ENABLED_PLUGINS_FILE: `${home}/plugins`,
    RABBITMQ_MNESIA_BASE: `${home}/mnesia`,
    RABBITMQ_LOG_BASE: home,
    RABBITMQ_PID_FILE: `${home}/pid`,
    ERL_EPMD_PORT: String(mapper),
  };
  // Erlang would start its port mapper as a daemon, which outlives the node.
  const epmd = await new ServerProcess(mapper, ['epmd', '-port', String(mapper)], { cwd: home }).start();
  const command = ['/usr/lib/rabbitmq/bin/rabbitmq-server'] as const;
  const node = new ServerProcess(port, [...command], { cwd: home, env, seconds: 90 });
  const kill = async (): Promise<void> => {
    await node.kill();
    await epmd.kill();
  };
  try {
    await node.start();
  } catch (error) {
    await kill();
    throw error;
  }
  return { port, kill };
}
