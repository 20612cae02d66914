import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { writePcapng, type PcapConnection, type WireEntry } from '../../src/wire/index.js';
import { describeWithPeer } from '../support/peers.js';
import { temporaryFolder } from '../support/temp.js';
import { recorded } from './recorded.js';
import { expectClean, fields } from './tshark.js';

describeWithPeer('tshark', 'packets that were made up', () => {
  const folder = temporaryFolder();

  function save(name: string, connections: readonly PcapConnection[]): string {
    const file = join(folder, `${name}.pcapng`);
    writeFileSync(file, writePcapng(connections));
    return file;
  }

  test('times are those of the recording', () => {
    const recording = { ...recorded([['client', Buffer.from('a')]]), startedAt: 1_700_000_000_123.5 };
    const file = save('times', [{ recording }]);
    const times = fields(file, 'frame', 'frame.time_epoch').map(([time]) => Number(time));
    expect(times).toEqual(
      [1_700_000_000.1235, 1_700_000_000.1235, 1_700_000_000.1235, 1_700_000_000.1245].map((time) =>
        expect.closeTo(time, 6),
      ),
    );
  });

  const endings: readonly (readonly [string, readonly WireEntry[], readonly string[]])[] = [
    [
      'refused',
      [
        { kind: 'error', at: 1, code: 'ECONNREFUSED' },
        { kind: 'close', at: 1, by: 'server' },
      ],
      ['S', 'AR'],
    ],
    [
      'no answer',
      [
        { kind: 'error', at: 9, code: 'ETIMEDOUT' },
        { kind: 'close', at: 9, by: 'server' },
      ],
      ['S'],
    ],
    [
      'given up',
      [
        { kind: 'connect', at: 1 },
        { kind: 'close', at: 2, by: 'client' },
      ],
      ['S', 'AS', 'A', 'AF', 'A'],
    ],
    [
      'reset after data',
      [
        { kind: 'connect', at: 1 },
        { kind: 'data', at: 2, from: 'client', bytes: Buffer.from('hello') },
        { kind: 'error', at: 3, code: 'ECONNRESET' },
        { kind: 'close', at: 3, by: 'server' },
      ],
      ['S', 'AS', 'A', 'AP', 'AR'],
    ],
    [
      'both sides end',
      [
        { kind: 'connect', at: 1 },
        { kind: 'data', at: 2, from: 'server', bytes: Buffer.from('hello') },
        { kind: 'data', at: 3, from: 'server', bytes: Buffer.from('again') },
        { kind: 'fin', at: 4, from: 'server' },
        { kind: 'data', at: 5, from: 'client', bytes: Buffer.from('late') },
        { kind: 'fin', at: 6, from: 'client' },
        { kind: 'close', at: 7, by: 'server' },
      ],
      ['S', 'AS', 'A', 'AP', 'A', 'AP', 'A', 'AF', 'A', 'AP', 'A', 'AF', 'A'],
    ],
  ];

  test.each(endings)('how it ended: %s', (name, entries, flags) => {
    const file = save(name, [{ recording: { ...recorded([]), entries } }]);
    const seen = fields(file, 'tcp', 'tcp.flags.str').map(([letters]) => letters!.replaceAll(/[^A-Z]/g, ''));
    expect(seen).toEqual(flags);
    expectClean(file);
  });

  test.each([
    ['192.0.2.7', '198.51.100.255', 4],
    ['2001:db8::7', 'fe80::1:0:0:ff', 6],
    ['::', '1::', 6],
    ['2001:db8:1:2:3:4:5:6', '64:ff9b::192.0.2.33', 6],
  ] as const)('the addresses %s and %s', (client, server, family) => {
    const ends = {
      client: { address: client, port: 50_000, family },
      server: { address: server, port: 8883, family },
    };
    const file = save('addresses', [{ recording: recorded([['client', Buffer.from('odd')]]), ...ends }]);
    const prefix = family === 4 ? 'ip' : 'ipv6';
    const [source, destination] = fields(file, 'frame.number == 1', `${prefix}.src`, `${prefix}.dst`)[0]!;
    expect([source, destination]).toEqual([canonical(client), canonical(server)]);
    expectClean(file);
  });

  test('where an address is not known or of another family, one for examples stands in', () => {
    const recording = recorded([['client', Buffer.from('x')]]);
    expect(
      fields(save('unknown', [{ recording }]), 'frame.number == 1', 'ip.src', 'ip.dst', 'tcp.dstport'),
    ).toEqual([['192.0.2.1', '192.0.2.2', '8883']]);
    const mixed = {
      recording,
      client: { address: '192.0.2.9', port: 1, family: 4 },
      server: { address: '::1', port: 2, family: 6 },
    } as const;
    expect(fields(save('mixed', [mixed]), 'frame.number == 1', 'ipv6.src', 'ipv6.dst')).toEqual([
      ['2001:db8::1', '::1'],
    ]);
  });
});

function canonical(address: string): string {
  return new URL(address.includes(':') ? `http://[${address}]` : `http://${address}`).hostname.replaceAll(
    /[[\]]/g,
    '',
  );
}
