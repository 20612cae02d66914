/** Those that bear a packet identifier always; PUBLISH does so above QoS 0 (MQTT 3.1.1 section 2.3.1). */
const identified: ReadonlySet<unknown> = new Set([
  'puback',
  'pubrec',
  'pubrel',
  'pubcomp',
  'suback',
  'unsuback',
]);

/** Properties that may stand in a packet more than once (MQTT 5 sections 2.2.2.2 and 3.3.2.3.8). */
const repeatable: ReadonlySet<string> = new Set(['userProperties', 'subscriptionIdentifier']);

/**
 * What is wrong with a packet that mqtt-packet let pass, in words; `undefined` where nothing is. It gives -1 for a
 * packet identifier that is missing, an array for a property that comes twice, which MQTT 5 forbids, and `null` for
 * one that is cut short, whatever its types say.
 */
export function packetDefect(packet: object): string | undefined {
  return identifierDefect(packet) ?? propertyDefect('properties' in packet ? packet.properties : undefined);
}

function identifierDefect(packet: { cmd?: unknown; qos?: unknown; messageId?: unknown }): string | undefined {
  const { cmd, qos = 0, messageId = 0 } = packet;
  const needed = identified.has(cmd) || (cmd === 'publish' && qos !== 0);
  return needed && !(typeof messageId === 'number' && messageId > 0)
    ? 'it has no packet identifier'
    : undefined;
}

function propertyDefect(properties: unknown): string | undefined {
  if (typeof properties !== 'object' || properties === null) return undefined;
  for (const [name, value] of Object.entries(properties) as [string, unknown][]) {
    if (value === null || value === undefined) return `its property ${name} is cut short`;
    if (Array.isArray(value) && !repeatable.has(name))
      return `its property ${name} stands in it more than once`;
  }
  return undefined;
}
