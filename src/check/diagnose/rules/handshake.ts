import { tlsAlert } from '../../../catalogue/index.js';
import type { ExperimentId } from '../../evidence.js';
import type { TlsFacts } from '../../facts/index.js';
import { fatalAlert, tlsFailure } from '../failure.js';
import { type Finding, type Rule, finding, saw, sawIn } from '../rule.js';
import { type View, tlsOf } from '../view.js';
import { alertWords, checkCommand, mqttResultWords, tlsResultWords } from '../words.js';

/** The two sides do not agree on how to speak TLS. */

const alpn: Rule = {
  codes: ['tls.alpn-required'],
  find: (view) => {
    const { tls } = view;
    const refused = tls === undefined ? undefined : fatalAlert(tls);
    const asked = refused?.number === 120 ? [saw('tls', `the server sent ${alertWords(refused)}`)] : [];
    const helped = view.experiment('alpn');
    if (helped?.outcome === 'accepted') {
      const { alpn: chosen, offered } = tlsOf(helped) ?? {};
      if (chosen !== undefined) {
        return alpnFinding(
          view,
          [chosen],
          [...asked, sawIn('alpn', `with ALPN ${chosen}: ${helped.summary}`)],
        );
      }
      const again = view.experiment('repeat');
      const failedAgain = again?.outcome === 'refused' || tlsOf(again) !== undefined;
      if (offered !== undefined && failedAgain) {
        const names = offered.alpn.join(' and ');
        return alpnFinding(view, offered.alpn, [
          sawIn('alpn', `with ALPN ${names}, of which it names none as its choice: ${helped.summary}`),
          sawIn('repeat', `without it once more: ${again?.summary ?? ''}`),
        ]);
      }
    }
    return asked.length === 0 ? undefined : finding('tls.alpn-required', 'proven', asked);
  },
};

function alpnFinding(view: View, protocols: readonly string[], because: Finding['because']): Finding {
  const advice = [
    `Let the client offer the ALPN protocol ${protocols.join(' or ')}.`,
    checkCommand(view, `--alpn ${protocols.join(',')}`),
  ];
  const without = saw(view.mqtt === undefined ? 'tls' : 'mqtt', `without ALPN: ${resultWords(view)}`);
  return finding('tls.alpn-required', 'proven', [without, ...because], advice);
}

const sni: Rule = {
  codes: ['tls.sni-rejected'],
  find: (view) => {
    const { tls, failed, target } = view;
    if (failed !== 'tls' || tls === undefined) return undefined;
    const alert = fatalAlert(tls);
    const name = tls.offered.serverName;
    const asked =
      name === undefined
        ? 'no server name was sent, because the host is an address'
        : `the server name ${name} was sent`;
    if (alert?.number === 112) {
      const because = [saw('tls', asked), saw('tls', `the server sent ${alertWords(alert)}`)];
      return finding('tls.sni-rejected', 'proven', because);
    }
    const without = view.experiment('without-sni');
    if (without !== undefined && tls.version === undefined && tlsOf(without)?.version !== undefined) {
      const because = [
        saw('tls', `${asked}: ${tlsResultWords(tls)}`),
        sawIn('without-sni', `without it: ${without.summary}`),
      ];
      return finding('tls.sni-rejected', 'proven', because);
    }
    const wordless = alert === undefined && tls.bytes.server === 0;
    const refusal = alert?.number === 40 || alert?.number === 80 || wordless;
    const nameless = name === undefined && tls.version === undefined && refusal;
    if (!nameless) return undefined;
    const because = [
      saw('tls', asked),
      saw('tls', tlsResultWords(tls)),
      saw('dns', `the host is ${target.host}`),
    ];
    return finding('tls.sni-rejected', 'possible', because);
  },
};

const version: Rule = {
  codes: ['tls.version-mismatch'],
  find: (view) => {
    const { tls, failed } = view;
    if (failed !== 'tls' || tls === undefined) return undefined;
    const tried = versionExperiments.flatMap((id) => {
      const experiment = view.experiment(id);
      const facts = tlsOf(experiment);
      const better = facts?.version !== undefined && (beforeHello(tls) || experiment?.outcome === 'accepted');
      // With every cipher on offer only an old version is a sign; else it is the cipher that made the difference.
      if (id === 'any-cipher' && isModern(facts?.version)) return [];
      return experiment === undefined || !better
        ? []
        : [{ id, version: facts.version, summary: experiment.summary }];
    });
    const alert = fatalAlert(tls);
    const offered = `we offered ${offeredWords(tls)}`;
    const signs = [
      ...(alert?.number === 70 ? [saw('tls', `the server sent ${alertWords(alert)}`)] : []),
      ...(tls.version !== undefined && !isModern(tls.version)
        ? [saw('tls', `the server chose ${tls.version}`)]
        : []),
      ...(versionErrors.test(tls.error?.code ?? '')
        ? [saw('tls', `the TLS library says ${tls.error?.code ?? ''}`)]
        : []),
    ];
    if (signs.length === 0 && tried.length === 0) return undefined;
    const because = [
      saw('tls', offered),
      ...signs,
      ...tried.map(({ id, version, summary }) => sawIn(id, `${version}: ${summary}`)),
    ];
    const [works] = tried;
    const advice = works === undefined ? [] : versionAdvice(view, works.version);
    return finding('tls.version-mismatch', 'proven', because, advice);
  },
};

function isModern(version: string | undefined): boolean {
  return version === 'TLSv1.2' || version === 'TLSv1.3';
}

const versionExperiments = [
  'tls-1.3',
  'tls-1.2',
  'any-cipher',
  'old-tls',
] as const satisfies readonly ExperimentId[];
const versionErrors = /UNSUPPORTED_PROTOCOL|WRONG_SSL_VERSION|BAD_PROTOCOL_VERSION|ALERT_PROTOCOL_VERSION/;

function versionAdvice(view: View, version: string): readonly string[] {
  const number = /^TLSv(1\.[23])$/.exec(version)?.[1];
  if (number === undefined)
    return [
      `The server speaks only ${version
        .replace(/^TLSv1$/, 'TLS 1.0')
        .replace('TLSv', 'TLS ')
        .replace('SSLv', 'SSL ')}, which is not safe any more (RFC 8996): it has to be updated.`,
    ];
  return [`Let the client speak TLS ${number}.`, checkCommand(view, `--tls-version ${number}`)];
}

function differsInVersion(view: View, tls: TlsFacts): boolean {
  return (
    fatalAlert(tls)?.number === 70 ||
    (['tls-1.2', 'tls-1.3'] as const).some((id) => view.experiment(id)?.outcome === 'accepted')
  );
}

const cipher: Rule = {
  codes: ['tls.no-common-cipher'],
  find: (view) => {
    const { tls, failed } = view;
    if (failed !== 'tls' || tls === undefined) return undefined;
    if (differsInVersion(view, tls)) return undefined;
    const wider = view.experiment('any-cipher');
    const took = tlsOf(wider);
    if (wider !== undefined && beforeHello(tls) && isModern(took?.version)) {
      const because = [
        saw('tls', tlsResultWords(tls)),
        sawIn('any-cipher', `with every cipher offered ${wider.summary}`),
      ];
      const lacking = tls.offered.cipherSuites?.includes(took?.cipher ?? '') === false;
      const psk = /PSK/.test(took?.cipher ?? '')
        ? [
            'The broker works with pre-shared keys (PSK) on this port, not with certificates: use another port.',
          ]
        : [];
      return finding('tls.no-common-cipher', lacking ? 'proven' : 'likely', because, psk);
    }
    const alert = fatalAlert(tls);
    if (tlsFailure(tls) !== 'alert-before-hello' || (alert?.number !== 40 && alert?.number !== 71))
      return undefined;
    const because = [saw('tls', `the server sent ${alertWords(alert)} instead of choosing a cipher`)];
    return finding('tls.no-common-cipher', 'likely', because);
  },
};

/** What no other rule explains. */
const failed: Rule = {
  codes: ['tls.handshake-failed', 'tls.server-weak-key'],
  find: ({ tls, failed }) => {
    if (failed !== 'tls' || tls === undefined) return undefined;
    const failure = tlsFailure(tls);
    const error = tls.error?.code ?? '';
    if (failure === 'we-refused' && weakErrors.test(error)) {
      const because = [saw('tls', `the TLS library refuses what the server offers: ${error}`)];
      return finding('tls.server-weak-key', 'proven', because);
    }
    const alert = fatalAlert(tls);
    const unexplained =
      failure === 'we-refused' ||
      ((failure === 'alert-before-hello' || failure === 'broken-off') && alert !== undefined);
    if (!unexplained) return undefined;
    const meaning = alert?.number === undefined ? undefined : tlsAlert(alert.number);
    const because = [
      saw(
        'tls',
        meaning === undefined ? tlsResultWords(tls) : `${tlsResultWords(tls)}: ${meaning.explanation}`,
      ),
    ];
    const advice = (meaning?.remedy ?? []).filter((step) => !step.startsWith('$ '));
    // Alerts 40 and 71 have a rule of their own.
    const certainty = alert?.number === 40 || alert?.number === 71 ? 'possible' : 'likely';
    return {
      ...finding('tls.handshake-failed', certainty, because, advice),
      brokerSide: alert !== undefined,
    };
  },
};

const weakErrors =
  /DH_KEY_TOO_SMALL|EE_KEY_TOO_SMALL|CA_KEY_TOO_SMALL|CA_MD_TOO_WEAK|BAD_ECPOINT|SMALL_MODULUS|LEGACY_SIGALG/;

function beforeHello(tls: TlsFacts): boolean {
  return tls.version === undefined && !tls.timedOut;
}

function resultWords({ tls, mqtt }: View): string {
  if (tls === undefined) return 'no handshake';
  return mqtt === undefined ? tlsResultWords(tls) : mqttResultWords(mqtt);
}

function offeredWords({ offered }: TlsFacts): string {
  const { minVersion, maxVersion } = offered;
  return minVersion === maxVersion ? maxVersion : `${minVersion} to ${maxVersion}`;
}

export const handshakeRules: readonly Rule[] = [alpn, sni, version, cipher, failed];
