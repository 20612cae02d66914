import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseDeviceName } from '../../src/bundle/device-name.js';
import { sapSubject } from '../../src/pki/index.js';

describe('the CN of a SAP device certificate', () => {
  test.each([
    [
      'deviceAlternateId:pump-1|gatewayId:2|tenantId:1234567890|instanceId:acme',
      {
        form: 'deviceAlternateId',
        deviceId: 'pump-1',
        gatewayId: '2',
        tenantId: '1234567890',
        instanceId: 'acme',
      },
    ],
    ['clientid:pump-1|instanceid:acme', { form: 'clientid', deviceId: 'pump-1', instanceId: 'acme' }],
    [
      'deviceAlternateId:urn:dev:mac:0024befffe804ff1|gatewayId:2',
      { form: 'deviceAlternateId', deviceId: 'urn:dev:mac:0024befffe804ff1', gatewayId: '2' },
    ],
    ['gatewayId:2|deviceAlternateId:a b', { form: 'deviceAlternateId', deviceId: 'a b', gatewayId: '2' }],
    ['deviceAlternateId:x|gatewayId:', { form: 'deviceAlternateId', deviceId: 'x' }],
    ['DEVICEALTERNATEID:x', { form: 'deviceAlternateId', deviceId: 'x' }],
  ])('%s', (cn, name) => {
    expect(parseDeviceName(cn)).toEqual(name);
  });

  test.each(['', 'pump-1', 'deviceAlternateId:', 'clientid', 'gatewayId:2|tenantId:3', 'id:pump-1'])(
    'none in %j',
    (cn) => {
      expect(parseDeviceName(cn)).toBeUndefined();
    },
  );

  test('every name that is issued is read again', () => {
    const id = fc.string({ minLength: 1 }).filter((text) => !text.includes('|'));
    const form = fc.constantFrom('2018' as const, '2020' as const);
    fc.assert(
      fc.property(id, id, form, (deviceId, instanceId, form) => {
        const cn = sapSubject({ deviceId, instanceId, form }).find(([type]) => type === 'CN')?.[1] ?? '';
        expect(parseDeviceName(cn)).toMatchObject({ deviceId, instanceId });
      }),
    );
  });
});
