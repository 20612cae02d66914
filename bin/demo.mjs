// npm run demo: what sapcert is for, with the commands as one types them: a bundle as SAP issues it becomes a
// file for MQTT clients; then a device of the local gateway is checked and sends a measure. Everything happens
// in a new temporary folder and on loopback.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const here = import.meta.dirname;
const program = resolve(here, 'sapcert.cjs');
const folder = mkdtempSync(join(tmpdir(), 'sapcert-demo-'));

function sapcert(...args) {
  console.log(`\n$ sapcert ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exitCode = status ?? 3;
}

async function withSandbox(use) {
  console.log('\n$ sapcert sandbox --port 0 --dir sandbox');
  const args = [program, 'sandbox', '--port', '0', '--dir', 'sandbox', '--json'];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      use(JSON.parse(line));
      break;
    }
  } finally {
    child.kill('SIGINT');
  }
}

for (const name of ['device.pem', 'device.secret']) {
  copyFileSync(resolve(here, '../fixtures', name), join(folder, name));
  chmodSync(join(folder, name), 0o600);
}
console.log(`A bundle as SAP issues it, device.pem, and its secret lie in ${folder}`);
sapcert('strip', 'device.pem', '--split');

await withSandbox(({ host, port }) => {
  console.log(`test gateway on ${host}:${port}`);
  const where = ['--host', `${host}:${port}`, '--ca', 'sandbox/ca.crt'];
  sapcert('check', 'sandbox/device-1.pem', ...where);
  const measure = ['--capability', 'climate', '--sensor', 'attic', '--measure', 'temperature=25'];
  sapcert('send', 'sandbox/device-1.pem', ...where, ...measure);
});
