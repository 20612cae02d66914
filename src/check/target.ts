import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { MqttVersion, ProfileName, TlsVersion } from '../profiles.js';
import type { StageName } from './evidence.js';

/** What a check speaks: 3.1 is 3.1.1 by an older name. */
export type CheckMqttVersion = Exclude<MqttVersion, '3.1'>;

/** What is checked, as it was worked out from the options and the input. Holds no secret. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** The name that the server's certificate must be for: the server name given, else the host. */
  readonly verifyName: string;
  /** Server Name Indication; absent for an address (RFC 6066 section 3 allows only names). */
  readonly serverName?: string;
  /** The server name was given and is not the host. */
  readonly serverNameGiven: boolean;
  readonly profile: ProfileName;
  readonly until: Exclude<StageName, 'file'>;
  readonly deviceId?: string;
  /** The id that the certificate's CN names. */
  readonly ownDeviceId?: string;
  readonly clientId: string;
  readonly clientIdFrom: 'option' | 'input' | 'certificate' | 'random';
  readonly mqttVersion: CheckMqttVersion;
  /** Absent: whatever both sides can. */
  readonly tlsVersion?: TlsVersion;
  readonly alpn: readonly string[];
  readonly username: boolean;
  readonly password: boolean;
  /** A client certificate is configured. */
  readonly certificate: boolean;
  readonly timeoutMs: number;
  readonly watchMs: number;
  readonly experiments: boolean;
}

/** The name for SNI and for the identity check: no trailing dot, no zone, none for an address. */
export function serverNameOf(host: string): string | undefined {
  return isIP(host.replace(/%.*$/, '')) === 0 ? host.replace(/\.$/, '') : undefined;
}

/** As it goes over the wire and stands in certificates (RFC 6066 section 3: A-labels); what is no name stays as it is. */
export function asciiName(name: string): string {
  const ascii = isIP(name) === 0 ? domainToASCII(name) : '';
  return ascii === '' || isIP(ascii) !== 0 ? name : ascii;
}
