// A programmer's program: connects with the built library, sends one measure, and prints how that ended.
import { readFileSync } from 'node:fs';
import { connectDevice } from '../../../dist/index.js';

const [port, ca, bundle, mqttVersion] = process.argv.slice(2);
const outcome = { sent: false };
try {
  const device = await connectDevice({
    host: `127.0.0.1:${port}`,
    ca: readFileSync(ca),
    bundle: readFileSync(bundle),
    passphrase: process.env['S'],
    connectTimeout: 1500,
    pubackTimeout: 1500,
    ackTimeout: 1500,
    reconnect: false,
    ...(mqttVersion === '5' ? { mqttVersion, profile: 'generic' } : {}),
  });
  try {
    await device.send({ capabilityAlternateId: 'c', sensorAlternateId: 's', measures: [['1']] });
    outcome.sent = true;
  } finally {
    await device.close();
  }
} catch (error) {
  Object.assign(outcome, { name: error.name, code: error.code, message: error.message });
}
process.stdout.write(JSON.stringify(outcome));
