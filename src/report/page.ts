import { type CheckReport, type RenderOptions, renderStage, type Trace } from '../check/index.js';
import { answer } from './answer.js';
import { deviceChain, serverChain, type Box } from './chain-model.js';
import { chainPicture } from './chain-picture.js';
import { evidence } from './evidence.js';
import { ladderPicture, ladderTable } from './ladder-picture.js';
import { type Content, type Markup, markup, Markup as Raw } from './markup.js';
import { style } from './style.js';
import { timeLine } from './time-line.js';
import type { Shown } from './redact.js';

/** Nothing may be loaded, run or sent: the page is text, style and drawings. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

interface PageOptions {
  readonly redacted: boolean;
  readonly version: string | undefined;
}

export function page({ report, trace = [] }: Shown, { redacted, version }: PageOptions): string {
  const title = report.diagnoses[0]?.code ?? (report.interrupted ? 'interrupted' : 'no problem found');
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Raw(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>sapcert check: ${title}</title>
<style>${new Raw(style)}</style>
</head>
<body>
<header><p><strong>sapcert check</strong> of ${report.target.host.includes(':') ? `[${report.target.host}]` : report.target.host}:${report.target.port}, ${when(report.checkedAt)}</p>
${redacted && markup`<p>Names of hosts, devices, companies and certificates are replaced: host-1, device-1 and so on, the same name for the same thing everywhere.</p>`}</header>
<main>
${answer(report)}
${warnings(report)}
${section('stages', 'Stages', stages(report))}
${chains(report)}
${
  trace.length > 0 &&
  section(
    'wire',
    'On the wire',
    trace.map((ladder, index) => connection(ladder, index, report)),
  )
}
${report.experiments.length > 0 && section('experiments', 'Experiments', experiments(report))}
${section('evidence', 'Evidence', evidence(report))}
${section('environment', 'Environment', environment(report, version))}
</main>
<footer><p>Written by sapcert check --report. The page loads nothing and runs no script. It holds no secret, no password and no key.</p></footer>
</body>
</html>
`.text;
}

function section(id: string, title: string, content: Content): Markup {
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}</section>`;
}

function warnings({ warnings }: CheckReport): Content {
  if (warnings.length === 0) return undefined;
  return section(
    'warnings',
    'Warnings',
    markup`<ul>${warnings.map(({ code, message }) => markup`<li>${message} <small>(${code})</small></li>`)}</ul>`,
  );
}

const outcomes = {
  ok: markup`<strong class="good">✓ ok</strong>`,
  failed: markup`<strong class="bad">✗ failed</strong>`,
  skipped: markup`<span class="quiet">not run</span>`,
} as const;

function stages(report: CheckReport): Markup {
  return markup`<figure>${timeLine(report)}</figure>
<table><thead><tr><th scope="col">stage</th><th scope="col">outcome</th><th scope="col" class="number">time</th><th scope="col">what was seen</th></tr></thead>
<tbody>${report.stages.map(
    (
      stage,
    ) => markup`<tr><th scope="row">${stage.stage}</th><td>${outcomes[stage.outcome]}</td><td class="number">${stage.outcome === 'skipped' ? '' : `${stage.ms} ms`}</td><td>${stageLine(stage)}</td></tr>
`,
  )}</tbody></table>`;
}

function chains(report: CheckReport): Content {
  const [device, server] = [deviceChain(report), serverChain(report)];
  if (device.length + server.length === 0) return undefined;
  return section('certificates', 'Certificates', [
    figure('chain-device', 'What the device has and what the server asked for', device),
    figure('chain-server', 'What the server showed', server),
  ]);
}

function figure(id: string, title: string, boxes: readonly Box[]): Content {
  if (boxes.length === 0) return undefined;
  return markup`<h3>${title}</h3><figure class="wide" tabindex="0" aria-label="${title}">${chainPicture(id, title, boxes)}</figure>
`;
}

function connection({ connection, rows }: Trace, index: number, report: CheckReport): Content {
  const first = connection === 'first-pass';
  const title = first ? 'The connection' : `The connection ${experimentTitle(connection, report)}`;
  const content = markup`<figure class="wide long" tabindex="0" aria-label="${title}">${ladderPicture(`ladder-${index}`, title, rows)}</figure>
<details class="words"><summary>${title} in words</summary>${ladderTable(title, rows)}</details>`;
  return first
    ? markup`<h3>${title}</h3>${content}`
    : markup`<details><summary>${title}</summary>${content}</details>`;
}

/** `tried again with MQTT 5` */
function experimentTitle(id: string, { experiments }: CheckReport): string {
  return experiments.find((experiment) => experiment.id === id)?.title ?? id;
}

const experimentOutcomes = { accepted: 'accepted', refused: 'refused', 'no-answer': 'no answer' } as const;

function experiments({ experiments }: CheckReport): Markup {
  return markup`<p>Each varies one thing of the connection that failed.</p><table><thead><tr><th scope="col">what was varied</th><th scope="col">outcome</th><th scope="col" class="number">time</th><th scope="col">what came of it</th></tr></thead>
<tbody>${experiments.map(
    ({
      title,
      outcome,
      ms,
      summary,
    }) => markup`<tr><th scope="row">${title}</th><td>${experimentOutcomes[outcome]}</td><td class="number">${ms} ms</td><td>${summary}</td></tr>
`,
  )}</tbody></table>`;
}

function environment(
  { environment, target, checkedAt, ms }: CheckReport,
  version: string | undefined,
): Markup {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ...(version === undefined ? [] : [['sapcert', version] as const]),
    ...Object.entries(environment),
    ['checked at', `${checkedAt}, in ${ms} ms`],
    ['profile', target.profile],
    ['as far as', target.until],
    ['MQTT version', target.mqttVersion],
    ['TLS version', target.tlsVersion ?? 'any that both sides can'],
    ['ALPN', target.alpn.length === 0 ? 'none' : target.alpn.join(', ')],
    ['client id', `${target.clientId} (from: ${target.clientIdFrom})`],
    ['user name, password', `${target.username ? 'given' : 'none'}, ${target.password ? 'given' : 'none'}`],
    ['time limit', `${target.timeoutMs} ms a stage`],
  ];
  return markup`<dl>${rows.map(
    ([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>
`,
  )}</dl>`;
}

function when(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

const wide: RenderOptions = { width: 10_000 };

/** The line of facts, without the columns before it. */
function stageLine(stage: CheckReport['stages'][number]): string {
  return renderStage(stage, wide).slice(23).trim();
}
