import { parseDeviceName } from '../bundle/device-name.js';
import type { CertificateSummary, KeySummary } from '../bundle/strip.js';

const day = 24 * 60 * 60 * 1000;

export interface DescribedCertificate extends CertificateSummary {
  /** The device id where the CN has SAP's form, else the CN, else the subject. */
  readonly device: string;
  /** Whole days until notAfter; negative once it is past. */
  readonly daysLeft: number;
}

/** What strip, split and combine say about the bundle that they wrote: the same object as text and as JSON. */
export function describeBundle(
  { key, leaf, chain }: { key: KeySummary; leaf: CertificateSummary; chain: readonly CertificateSummary[] },
  now: Date,
): { key: KeySummary; certificate: DescribedCertificate; chain: readonly CertificateSummary[] } {
  const daysLeft = Math.floor((Date.parse(leaf.notAfter) - now.getTime()) / day);
  return { key, certificate: { ...leaf, device: deviceOf(leaf.subject), daysLeft }, chain };
}

/** The device id where the CN has SAP's form, else the CN, else the whole subject. */
function deviceOf(subject: string): string {
  const name = /(?:^|, )CN=(.*?)(?:, [A-Z]+=|$)/.exec(subject)?.[1] ?? subject;
  return parseDeviceName(name)?.deviceId ?? name;
}
