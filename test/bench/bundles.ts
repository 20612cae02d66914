import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBundle } from '../fleet/bundles.js';
import { openssl } from '../support/run.js';

/** The forms that are measured, with the openssl arguments that make them. */
export const forms = {
  sap: ['pkcs8', '-topk8', '-v1', 'PBE-SHA1-3DES', '-iter', '131072'],
  traditional: ['rsa', '-aes256', '-traditional'],
  pbes2: ['pkcs8', '-topk8', '-v2', 'aes-256-cbc'],
} as const satisfies Record<string, readonly string[]>;

export type Form = keyof typeof forms;

const passphrase = 'secret';
const distinct = 8;

/** Eight different bundles of each form, with the secret `secret`, in `folder/<form>/`. */
export async function makeModels(folder: string): Promise<void> {
  for (const form of Object.keys(forms)) mkdirSync(join(folder, form), { recursive: true });
  for (let index = 0; index < distinct; index++) {
    const subject = `/C=DE/O=SAP Trust Community/OU=IoT Services/CN=deviceAlternateId:pump-${index}|gatewayId:2|tenantId:3|instanceId:bench`;
    const { key, certificate } = await makeBundle(subject);
    for (const [form, args] of Object.entries(forms)) {
      const encrypted = await openssl([...args, '-passout', `pass:${passphrase}`], { input: key });
      writeFileSync(join(folder, form, `${index}.pem`), Buffer.concat([encrypted, certificate]));
    }
  }
}

/** A folder of so many bundles. Nothing that is measured remembers one that it saw before. */
export function makeFolder(models: string, form: Form, count: number, target: string): void {
  mkdirSync(target, { recursive: true });
  for (let index = 0; index < count; index++) {
    copyFileSync(join(models, form, `${index % distinct}.pem`), join(target, `device-${index}.pem`));
  }
}
