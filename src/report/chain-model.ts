import {
  type CertificateFacts,
  type CheckReport,
  commonName,
  type FileFacts,
  ran,
  type TlsFacts,
} from '../check/index.js';

/** A certificate or what should be in its place, from top (the authority) to bottom (the leaf). */
export interface Box {
  /** `absent`: it is not there, and that does no harm. */
  readonly kind: 'certificate' | 'missing' | 'absent' | 'demand';
  readonly title: string;
  /** What is said of it inside the box. */
  readonly lines: readonly string[];
  /** What is said of it beside the box. */
  readonly notes: readonly Note[];
  /** How it is tied to the box below; absent: it is the last. */
  readonly link?: Link;
}

export interface Note {
  readonly tone: 'good' | 'bad' | 'plain';
  readonly text: string;
}

export interface Link {
  readonly tone: 'good' | 'bad' | 'unknown';
  readonly text: string;
}

/** What the device has and sent, below what the server asked for. Empty: the device has no certificate. */
export function deviceChain(report: CheckReport): readonly Box[] {
  const file = ran(report.stages, 'file')?.facts;
  const tls = ran(report.stages, 'tls')?.facts;
  if (file?.leaf === undefined) return tls === undefined ? [] : [demandOf(tls, undefined)].map(withoutLink);
  const held = [...file.chain.toReversed(), file.leaf].map((certificate, index, all): Box => ({
    ...boxOf(certificate),
    notes: [...sentNotes(certificate, tls), ...validity(certificate, report.checkedAt)],
    ...(index < all.length - 1 ? { link: { tone: 'good', text: 'issued' } } : {}),
  }));
  const missing = missingBox(file.missingIssuer, 'not in the bundle');
  const boxes = [...(tls === undefined ? [] : [demandOf(tls, file)]), ...missing, ...held];
  return refusedChain(report) ? boxes : boxes.map(withoutAlarm);
}

/** Whether the device's chain may be why it is refused. Else what is missing in it does no harm. */
function refusedChain({ diagnoses }: CheckReport): boolean {
  return diagnoses.some(({ code }) =>
    /^(?:chain\.|tls\.client-certificate-(?:missing|issuer|chain|refused|unusable))/.test(code),
  );
}

function withoutAlarm({ kind, notes, link, ...box }: Box): Box {
  const missing = kind === 'missing';
  const calm = {
    ...box,
    kind: missing ? ('absent' as const) : kind,
    notes: notes.map(({ tone, text }): Note => ({ text, tone: missing ? 'plain' : tone })),
  };
  if (link === undefined) return calm;
  const tone = link.tone === 'bad' ? 'unknown' : link.tone;
  return { ...calm, link: { tone, text: missing ? 'issued' : link.text } };
}

/** What the server showed, below what it is held against. */
export function serverChain(report: CheckReport): readonly Box[] {
  const tls = ran(report.stages, 'tls')?.facts;
  if (tls === undefined || tls.serverChain.length === 0) return [];
  const { verdict } = tls;
  const leaf = tls.serverChain[0];
  const sent = tls.serverChain.toReversed().map((certificate, index, all): Box => {
    const named = certificate === leaf ? nameNotes(report, tls) : [];
    return {
      ...boxOf(certificate),
      notes: [
        { tone: 'plain', text: 'sent by the server' },
        ...named,
        ...validity(certificate, report.checkedAt),
      ],
      ...(index < all.length - 1 ? { link: { tone: 'good', text: 'issued' } } : {}),
    };
  });
  const top =
    verdict?.anchored === true
      ? anchorBox(report, tls)
      : missingBox(verdict?.missingIssuer, 'neither sent nor trusted');
  return [...top, ...sent];
}

function boxOf({ subject, issuer, key, selfIssued }: CertificateFacts): Omit<Box, 'notes'> {
  const issued = selfIssued ? 'issued by itself' : `issued by ${commonName(issuer)}`;
  const size = key.bits ?? key.curve ?? '';
  return {
    kind: 'certificate',
    title: commonName(subject),
    lines: [issued, `${key.type.toUpperCase()} ${size}`.trim()],
  };
}

function validity({ notBefore, notAfter }: CertificateFacts, at: string): readonly Note[] {
  const [now, from, until] = [Date.parse(at), Date.parse(notBefore), Date.parse(notAfter)];
  if (now > until) return [{ tone: 'bad', text: `expired on ${notAfter.slice(0, 10)}` }];
  if (now < from) return [{ tone: 'bad', text: `not valid before ${notBefore.slice(0, 10)}` }];
  return [{ tone: 'plain', text: `valid until ${notAfter.slice(0, 10)}` }];
}

function sentNotes(certificate: CertificateFacts, tls: TlsFacts | undefined): readonly Note[] {
  if (tls === undefined) return [];
  if (tls.sent === undefined) return [{ tone: 'plain', text: 'not sent: it was not asked for' }];
  if (tls.sent.sha256.includes(certificate.sha256)) return [{ tone: 'good', text: 'sent to the server' }];
  return [{ tone: certificate.isCa ? 'plain' : 'bad', text: 'not sent' }];
}

function nameNotes({ target }: CheckReport, { verdict }: TlsFacts): readonly Note[] {
  if (verdict?.nameMatches === undefined) return [];
  if (verdict.nameMatches) return [{ tone: 'good', text: `is for ${target.verifyName}` }];
  const names = verdict.certificateNames.slice(0, 3).join(', ');
  return [
    {
      tone: 'bad',
      text: `is not for ${target.verifyName}, but for ${names === '' ? 'no name at all' : names}`,
    },
  ];
}

function missingBox(issuer: string | undefined, why: string): readonly Box[] {
  if (issuer === undefined) return [];
  const notes: readonly Note[] = [{ tone: 'bad', text: why }];
  return [
    {
      kind: 'missing',
      title: commonName(issuer),
      lines: ['this certificate is not there'],
      notes,
      link: { tone: 'bad', text: 'the chain breaks here' },
    },
  ];
}

function anchorBox(report: CheckReport, { verdict, serverChain }: TlsFacts): readonly Box[] {
  const anchor = verdict?.anchor;
  if (anchor === undefined || serverChain.some(({ subject, selfIssued }) => selfIssued && subject === anchor))
    return [];
  const source = ran(report.stages, 'file')?.facts.trust?.source;
  const text =
    source === 'ca-file' ? 'trusted: it is in the CA file' : 'trusted: it is among the default roots';
  return [
    {
      kind: 'certificate',
      title: commonName(anchor),
      lines: ['trusted authority'],
      notes: [{ tone: 'good', text }],
      link: { tone: 'good', text: 'issued' },
    },
  ];
}

const shownNames = 8;

function demandOf({ request, sent }: TlsFacts, file: FileFacts | undefined): Box {
  if (request === undefined) {
    const link: Link = { tone: 'unknown', text: 'nobody looked at it' };
    return { kind: 'demand', title: 'The server asked for no certificate', lines: [], notes: [], link };
  }
  const { authorities, namesOurIssuer } = request;
  const names = authorities.slice(0, shownNames).map((name) => `• ${commonName(name)}`);
  const more = authorities.length > shownNames ? [`• and ${authorities.length - shownNames} more`] : [];
  const title =
    authorities.length === 0
      ? 'The server asked for a certificate of any authority'
      : 'The server asked for a certificate of';
  return {
    kind: 'demand',
    title,
    lines: [...names, ...more],
    notes: [],
    link: demandLink(authorities.length > 0, namesOurIssuer, sent, file),
  };
}

function demandLink(
  names: boolean,
  ours: boolean | undefined,
  sent: TlsFacts['sent'],
  file: FileFacts | undefined,
): Link {
  if (sent === undefined || sent.certificates === 0)
    return { tone: 'bad', text: file === undefined ? 'the device has none' : 'the device sent none' };
  if (!names) return { tone: 'unknown', text: 'the server did not say which' };
  if (ours === undefined) return { tone: 'unknown', text: 'not known' };
  return ours
    ? { tone: 'good', text: 'the issuer of what was sent is among them' }
    : { tone: 'bad', text: 'the issuer of what was sent is not among them' };
}

function withoutLink({ link, notes, ...box }: Box): Box {
  return {
    ...box,
    notes:
      link === undefined
        ? notes
        : [...notes, { tone: link.tone === 'bad' ? 'bad' : 'plain', text: link.text }],
  };
}
