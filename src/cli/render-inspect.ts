import { count } from '../count.js';
import type { Finding, InspectedStore, Inspection } from '../bundle/inspect/index.js';
import { field, onOneLine, padEnd, wrap } from './layout.js';
import { encryptionWords, quoted, renderKey, rounds } from './render-inspect-key.js';
import { renderCertificate, renderChains } from './render-inspect-certificate.js';
import { type InspectReport, type Page, placeWords } from './render-inspect-page.js';

/** All that was found out about one input, as text for a terminal. */
export function renderInspection(report: InspectReport, page: Page): string {
  const sections: readonly (readonly string[])[] = [
    wrap(onOneLine(`${report.input}: ${summary(report)}`), page.width).map((line) =>
      page.paint('bold', line),
    ),
    renderBlocks(report, page),
    ...report.stores.map((store) => renderStore(store, page)),
    renderDownload(report, page),
    ...report.keys.map((key, index) => renderKey(key, report, index, page)),
    ...report.certificates.map((certificate) => renderCertificate(certificate, report, page)),
    renderChains(report, page),
    renderFindings('problems', report.problems, report, page),
    renderFindings('warnings', report.warnings, report, page),
  ];
  const shown = sections.filter((lines) => lines.length > 0);
  return shown.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

const formats: Readonly<Record<Inspection['format'], string>> = {
  pem: 'PEM',
  der: 'DER',
  pkcs12: 'PKCS#12',
  ppk: 'PuTTY key',
  'device-management-json': 'JSON of the SAP device management API',
  'agrirouter-json': 'agrirouter onboarding response',
  'btp-json': 'SAP BTP service key',
};

function summary({ format, keys, certificates, stores }: InspectReport): string {
  const own = certificates.filter(({ from }) => from === undefined);
  const sealed = stores.some((store) => store.sealed);
  const parts = [
    keys.length === 0 ? '' : count(keys.length, 'private key'),
    own.length === 0 ? '' : count(own.length, 'certificate'),
    sealed ? 'certificates behind the secret' : '',
  ].filter((part) => part !== '');
  return `${formats[format]}, ${parts.length === 0 ? 'neither a private key nor a certificate' : parts.join(', ')}`;
}

function renderBlocks({ blocks, input }: InspectReport, { paint }: Page): string[] {
  if (blocks.length === 0) return [];
  const rows = blocks.map(({ label, place: { file, line, lastLine } }, index) => ({
    number: String(index + 1),
    span: line === lastLine ? `line ${line}` : `lines ${line}-${lastLine}`,
    label: [label, placeWords({ file }, input)].filter((part) => part !== '').join(', in '),
  }));
  const width = (column: 'number' | 'span'): number => Math.max(...rows.map((row) => row[column].length));
  const [numbers, spans] = [width('number'), width('span')];
  const lines = rows.map(
    ({ number, span, label }) => `  ${number.padStart(numbers)}  ${padEnd(span, spans)}  ${label}`,
  );
  return [paint('bold', 'blocks'), ...lines.map(onOneLine)];
}

function renderStore({ mac, contents, sealed }: InspectedStore, { paint, width }: Page): string[] {
  const integrity =
    mac === undefined
      ? 'none: nobody can tell whether the file was changed'
      : [mac.algorithm, mac.kdf, rounds(mac.iterations)].filter((part) => part !== '').join(', ');
  return [
    paint('bold', 'PKCS#12'),
    ...field('MAC', integrity, width),
    ...contents.flatMap(({ encryption, bags }, index) => {
      const what = bags
        ?.map(({ kind, what, friendlyName }) => `${what ?? `a ${kind}`}${quoted(friendlyName)}`)
        .join(', ');
      const how =
        encryption === undefined ? 'not encrypted as a whole' : `encrypted: ${encryptionWords(encryption)}`;
      return field(
        `part ${index + 1}`,
        onOneLine(what === undefined ? how : `${how}; it holds ${what || 'nothing'}`),
        width,
      );
    }),
    ...(sealed
      ? field('sealed', 'what is in the encrypted parts shows with the secret: --passin file:PATH', width)
      : []),
  ];
}

function renderDownload({ connection, bringsSecret }: InspectReport, { paint, width }: Page): string[] {
  const rows: readonly (readonly [string, string | number | undefined])[] = [
    ['host', connection.host],
    ['port', connection.port],
    ['client id', connection.clientId],
    ['device', connection.deviceId],
    ['measures to', connection.measuresTopic],
    ['commands from', connection.commandsTopic],
    ['secret', bringsSecret ? 'stands in the file: keep it as you would keep the key' : undefined],
  ];
  const lines = rows.flatMap(([label, value]) =>
    value === undefined ? [] : field(label, onOneLine(String(value)), width),
  );
  return lines.length === 0 ? [] : [paint('bold', 'download'), ...lines];
}

function renderFindings(
  title: string,
  findings: readonly Finding[],
  { input }: InspectReport,
  { paint, width }: Page,
): string[] {
  if (findings.length === 0) return [];
  return [
    paint(title === 'problems' ? 'red' : 'yellow', title),
    ...findings.flatMap(({ message, hint, place, certificate }) => {
      const where = certificate === undefined ? placeWords(place ?? {}, input) : '';
      const text = where === '' ? message : `${where}: ${message}`;
      return [
        ...bullet(onOneLine(text), '- ', width),
        ...(hint === undefined ? [] : bullet(onOneLine(hint), '  hint: ', width)),
      ];
    }),
  ];
}

function bullet(text: string, mark: string, width: number): string[] {
  return wrap(text, width - 2 - mark.length).map(
    (line, index) => `  ${index === 0 ? mark : ' '.repeat(mark.length)}${line}`,
  );
}
