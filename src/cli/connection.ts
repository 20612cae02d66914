import { SapcertError } from '../errors.js';
import { parseHost } from '../host.js';
import { type Arguments, type OptionTable, text } from './options.js';
import { readWholeNumber } from './numbers.js';

/** Where to connect, and as whom: check and send share these. */
export const connectionOptions: OptionTable = {
  host: {
    type: 'string',
    value: 'HOST',
    describe: 'HOST, HOST:PORT or mqtts://HOST:PORT',
    shownDefault: 'what the JSON download names',
  },
  port: { type: 'string', value: 'N', describe: 'the port', shownDefault: '8883' },
  ca: {
    type: 'string',
    value: 'FILE',
    describe: 'the authorities to trust, PEM',
    shownDefault: 'the system’s and Node’s',
  },
  'device-id': { type: 'string', value: 'ID', describe: 'the device alternate id', shownDefault: 'the CN’s' },
  'client-id': { type: 'string', value: 'ID', describe: 'the MQTT client id', shownDefault: 'the device id' },
  profile: {
    type: 'string',
    choices: ['sap-iot', 'generic', 'cumulocity'],
    describe: 'what kind of gateway it is',
    shownDefault: 'sap-iot',
  },
  servername: {
    type: 'string',
    value: 'NAME',
    describe: 'the name to ask for and to expect',
    shownDefault: 'the host',
  },
  'tls-version': { type: 'string', choices: ['1.2', '1.3'], describe: 'only this TLS version' },
  alpn: { type: 'string', value: 'NAME', describe: 'protocol names to offer, separated by commas' },
};

export const loginOptions: OptionTable = {
  'mqtt-version': {
    type: 'string',
    choices: ['3.1.1', '5'],
    describe: 'the MQTT version to speak',
    shownDefault: 'the profile’s',
  },
  username: { type: 'string', value: 'NAME', describe: 'MQTT user name' },
  password: { type: 'string', value: 'SOURCE', describe: 'where the MQTT password comes from, as --passin' },
};

export interface TargetOptions {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly deviceId: string | undefined;
  readonly clientId: string | undefined;
  readonly profile: 'sap-iot' | 'generic' | 'cumulocity' | undefined;
  readonly tlsVersion: '1.2' | '1.3' | undefined;
  readonly alpn: readonly string[] | undefined;
  readonly servername: string | undefined;
  readonly username: string | undefined;
}

/** @throws SapcertError `usage.invalid` */
export function targetOptions(args: Arguments): TargetOptions {
  const [host, port] = [text(args, 'host'), readWholeNumber(text(args, 'port'), 'port', 1, 65_535)];
  refuseTwoPorts(host, port);
  return {
    host,
    port,
    deviceId: text(args, 'device-id'),
    clientId: text(args, 'client-id'),
    profile: choice(args, 'profile', ['sap-iot', 'generic', 'cumulocity']),
    tlsVersion: choice(args, 'tls-version', ['1.2', '1.3']),
    alpn: text(args, 'alpn')
      ?.split(',')
      .map((name) => name.trim()),
    servername: text(args, 'servername'),
    username: text(args, 'username'),
  };
}

/** One of the two is a mistake, and nobody here can know which. The port that a scheme stands for is none of them. */
function refuseTwoPorts(host: string | undefined, port: number | undefined): void {
  if (host === undefined || port === undefined) return;
  const named = parseHost(host.replace(/^\s*[a-z][a-z0-9+.-]*:\/\//i, '')).port;
  if (named === undefined || named === port) return;
  throw new SapcertError('usage.invalid', `two ports are given: ${named} in --host, ${port} with --port`, {
    hint: 'leave one of them out',
  });
}

export function choice<Name extends string>(
  args: Arguments,
  option: string,
  names: readonly Name[],
): Name | undefined {
  return names.find((name) => name === text(args, option));
}
