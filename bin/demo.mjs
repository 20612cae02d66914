// npm run demo: what sapcert is for, on the fixtures of this repository, with the commands as one types them.
// Everything happens in a new temporary folder, whose files stay for a look.
import { spawnSync } from 'node:child_process';
import { copyFileSync, chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), 'sapcert-demo-'));

function sapcert(...args) {
  console.log(`\n$ sapcert ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [resolve(here, 'sapcert.cjs'), ...args], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 3);
}

for (const name of ['device.pem', 'device.secret']) {
  copyFileSync(resolve(here, '../fixtures', name), join(folder, name));
  chmodSync(join(folder, name), 0o600);
}
console.log(`A bundle as SAP issues it, device.pem, and its secret lie in ${folder}`);
sapcert('strip', 'device.pem', '--split');
