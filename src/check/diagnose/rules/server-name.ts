import type { CertificateFacts, ServerVerdict } from '../../facts/index.js';
import { distrusted, serverFinding as finding } from '../distrust.js';
import { type Finding, type Rule, sawIn } from '../rule.js';
import { type View, tlsOf } from '../view.js';
import { checkCommand, nameOf } from '../words.js';

/** Certificates that a reverse proxy shows when it knows no site by the name. */
const defaults =
  /traefik default cert|ingress controller fake certificate|default backend|invalid2?\.invalid|plesk|parallels|localhost\.localdomain|no sni provided/i;

const wrongName: Rule = {
  codes: ['tls.server-wrong-host', 'tls.wrong-virtual-host'],
  find: (view) => {
    const found = distrusted(view);
    if (found === undefined) return undefined;
    const { tls, verdict, leaf } = found;
    const warned = tls.alerts.find(
      ({ from, number, level }) => from === 'server' && number === 112 && level === 'warning',
    );
    const certificate = `the server certificate is for ${names(verdict)}, and ${view.target.verifyName} was asked for`;
    const advice = nameAdvice(view, verdict);
    if (warned !== undefined && verdict.nameMatches !== true) {
      return finding(
        'tls.wrong-virtual-host',
        'proven',
        ['the server warned that it does not know this name (alert 112)', certificate],
        advice,
      );
    }
    if (defaults.test(`${leaf.subject} ${verdict.certificateNames.join(' ')}`)) {
      return finding(
        'tls.wrong-virtual-host',
        'likely',
        [`the server shows a default certificate: ${leaf.subject}`, certificate],
        advice,
      );
    }
    if (verdict.nameMatches !== false) return undefined;
    const given = view.target.serverNameGiven;
    if (given && nameFits(view.target.host, verdict.certificateNames)) {
      const right = `it would be right for ${view.target.host}, without --servername`;
      return finding('tls.wrong-virtual-host', 'proven', [certificate, right], advice);
    }
    const without = tlsOf(view.experiment('without-sni'))?.serverChain[0];
    if (without !== undefined && without.sha256 !== leaf.sha256)
      return routed(view, without, certificate, advice);
    return finding('tls.server-wrong-host', 'proven', [certificate], advice);
  },
};

/** Where the name routes, the same port shows another certificate for another name. */
function routed(
  view: View,
  without: CertificateFacts,
  certificate: string,
  advice: readonly string[],
): Finding {
  const shown = (without.names ?? []).map((name) => name.replace(/^[^:]*:/, ''));
  const right = view.target.serverNameGiven && nameFits(view.target.host, shown);
  const found = finding('tls.wrong-virtual-host', right ? 'proven' : 'likely', [certificate], advice);
  const other = sawIn('without-sni', `without a server name it showed the certificate of ${nameOf(without)}`);
  return { ...found, because: [...found.because, other] };
}

function names({ certificateNames }: ServerVerdict): string {
  const shown = certificateNames.slice(0, 4).join(', ');
  const more = certificateNames.length - 4;
  return shown === '' ? 'no name at all' : `${shown}${more > 0 ? ` and ${more} more` : ''}`;
}

function nameFits(host: string, certificateNames: readonly string[]): boolean {
  return certificateNames.some(
    (name) => name.toLowerCase() === host || (name.startsWith('*.') && host.endsWith(name.slice(1))),
  );
}

function nameAdvice(view: View, { certificateNames }: ServerVerdict): readonly string[] {
  const usable = certificateNames.find((name) => !name.startsWith('*.') && name !== 'localhost');
  if (usable === undefined) return [];
  const port = view.target.port;
  return [
    `If ${usable} is the gateway you mean, connect by that name:`,
    checkCommand({ ...view, target: { ...view.target, host: usable, port } }, ''),
  ];
}

export const serverNameRules: readonly Rule[] = [wrongName];
