/** What SAP writes into the CN of a device certificate. */
export interface DeviceName {
  /** `deviceAlternateId` since 2020, `clientid` in 2018. */
  readonly form: 'deviceAlternateId' | 'clientid';
  /** The device alternate id: SAP's client id and part of its topics. */
  readonly deviceId: string;
  readonly gatewayId?: string;
  readonly tenantId?: string;
  readonly instanceId?: string;
}

/**
 * Reads the CN of a SAP device certificate: `deviceAlternateId:<id>|gatewayId:<n>|tenantId:<n>|instanceId:<i>`,
 * or `clientid:<id>|instanceid:<i>` as SAP wrote it in 2018. The order of the parts does not matter, nor does
 * the case of their names; parts that are not known are left out.
 *
 * @param cn the common name alone, without `CN=` and without escapes
 * @returns `undefined` when it names no device in either form
 */
export function parseDeviceName(cn: string): DeviceName | undefined {
  const parts = new Map(cn.split('|').map(partOf));
  const form = forms.find((name) => (parts.get(name.toLowerCase()) ?? '') !== '');
  if (form === undefined) return undefined;
  return {
    form,
    deviceId: parts.get(form.toLowerCase()) ?? '',
    ...present('gatewayId', parts),
    ...present('tenantId', parts),
    ...present('instanceId', parts),
  };
}

const forms = ['deviceAlternateId', 'clientid'] as const;

/** An id may hold colons itself: only the first one ends the name of the part. */
function partOf(part: string): readonly [name: string, value: string] {
  const colon = part.indexOf(':');
  if (colon < 0) return ['', part];
  return [part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 1)];
}

function present<Name extends string>(
  name: Name,
  parts: ReadonlyMap<string, string>,
): Partial<Record<Name, string>> {
  const value = parts.get(name.toLowerCase());
  if (value === undefined || value === '') return {};
  const found: Partial<Record<Name, string>> = {};
  found[name] = value;
  return found;
}
