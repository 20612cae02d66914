import { count } from '../../count.js';
import type { ConnectionEvent } from '../events.js';
import type { Endpoint } from '../recording.js';
import { lines, type RowText } from './row.js';

const errorWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused: nothing listens on this port',
  ETIMEDOUT: 'no answer in time',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
};

export function describeConnection(event: ConnectionEvent): RowText {
  switch (event.kind) {
    case 'tcpConnect':
      return {
        title: 'SYN, ACK',
        details: lines(event.remote && `from ${place(event.remote)}`),
        arrow: 'left',
      };
    case 'tcpError':
      return { title: event.code, details: lines(errorWords[event.code]), tone: 'bad', arrow: 'none' };
    case 'fin':
      return { title: 'FIN', details: ['nothing more comes from here'] };
    case 'rst':
      return { title: 'RST', details: [`the connection is cut (${event.code})`], tone: 'bad' };
    case 'close':
      return {
        title:
          event.from === 'client' ? 'closed: we ended it first' : 'closed: the other side ended it first',
        arrow: 'none',
        tone: 'note',
      };
    case 'recordingCut':
      return { title: 'the recording ends here', arrow: 'none', tone: 'note' };
    case 'plaintext': {
      const what = event.protocol === 'unknown' ? count(event.bytes, 'byte') : event.protocol.toUpperCase();
      const sample = event.sample === '' ? undefined : `"${event.sample}"`;
      return {
        title: `${what}, not TLS`,
        details: lines(sample),
        tone: event.from === 'server' ? 'bad' : 'note',
      };
    }
    case 'partialRecord':
      return partial(`part of a TLS record (${event.recordType})`, event);
    case 'partialMessage':
      return partial(`part of a TLS message (${event.name})`, event);
    case 'undecodable':
      break;
  }
  return { title: 'not readable', details: [event.why], tone: 'bad' };
}

function partial(
  title: string,
  { have, need, silentFor }: { readonly have: number; readonly need: number; readonly silentFor: number },
): RowText {
  const silence = `${have} of ${need} bytes, then nothing for ${(silentFor / 1000).toFixed(1)} s`;
  return { title, details: [silence], tone: 'bad' };
}

function place({ address, port, family }: Endpoint): string {
  return family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}
