import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { renderHtmlReport } from '../../src/report/index.js';
import { describeWithPeer } from '../support/peers.js';
import { checkedAtSandbox, type Checked } from './support.js';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
/** Where somebody wants to look at the pages: SAPCERT_SCREENSHOTS=folder. */
const screenshots = process.env['SAPCERT_SCREENSHOTS'];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const cases = [
  'no problem',
  'intermediate-required',
  'device-ca-unknown-tls',
  'server-other-host',
  'silent-port',
  'http-port',
] as const;

describeWithPeer('chromium', 'the report in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sapcert-test-'));
  const checks = new Map<string, Checked>();
  let context: BrowserContext;

  beforeAll(async () => {
    context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: '/usr/bin/chromium',
      headless: true,
      args: flags,
      viewport: { width: 1000, height: 1400 },
    });
    for (const name of cases)
      checks.set(name, await checkedAtSandbox(name === 'no problem' ? undefined : name, { timeout: 1500 }));
  }, 120_000);

  afterAll(async () => {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a page and says what it tried to load beside itself, and what it complained about. */
  async function open(
    html: string,
    scheme: 'light' | 'dark' = 'light',
  ): Promise<{ page: Page; requests: string[]; complaints: string[] }> {
    const file = join(folder, `${Math.random()}.html`);
    writeFileSync(file, html);
    const page = await context.newPage();
    const [requests, complaints]: [string[], string[]] = [[], []];
    page.on('request', (request) => void requests.push(request.url()));
    page.on('console', (message) => void complaints.push(message.text()));
    page.on('dialog', (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(`file://${file}`);
    return { page, requests: requests.filter((url) => url !== `file://${file}`), complaints };
  }

  /** axe runs beside the page's policy, which forbids scripts. */
  async function violations(page: Page): Promise<readonly string[]> {
    await page.evaluate(() =>
      document.querySelectorAll('details').forEach((details) => details.setAttribute('open', '')),
    );
    const session = await context.newCDPSession(page);
    await session.send('Runtime.evaluate', { expression: axe });
    const { result } = await session.send('Runtime.evaluate', {
      expression:
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((r) => JSON.stringify(r))",
      awaitPromise: true,
    });
    const { violations: found, passes } = JSON.parse(String(result.value)) as AxeResults;
    expect(passes.length).toBeGreaterThan(10);
    return found.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`,
    );
  }

  const looks = cases.flatMap((name) =>
    (['light', 'dark'] as const).map((scheme) => [name, scheme] as const),
  );

  test.each(looks)(
    '%s, %s: nothing loaded, nothing that axe objects to, nothing too wide',
    async (name, scheme) => {
      const { report, trace } = checks.get(name)!;
      const { page, requests, complaints } = await open(renderHtmlReport(report, trace), scheme);
      expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(background).toBe(scheme === 'dark' ? 'rgb(20, 24, 28)' : 'rgb(255, 255, 255)');
      for (const width of [1000, 360]) {
        await page.setViewportSize({ width, height: 1400 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect(await violations(page)).toEqual([]);
        if (screenshots !== undefined)
          await page.screenshot({
            path: join(screenshots, `${name}-${scheme}-${width}.png`),
            fullPage: true,
          });
      }
      await page.close();
    },
    60_000,
  );

  test('no text leaves its picture, and no two texts of a picture overlap', async () => {
    for (const { report, trace } of checks.values()) {
      const { page } = await open(renderHtmlReport(report, trace));
      await page.evaluate(() =>
        document.querySelectorAll('details').forEach((details) => details.setAttribute('open', '')),
      );
      const problems = await page.evaluate(() =>
        [...document.querySelectorAll('svg')].flatMap((svg) => {
          const { right, bottom, left } = svg.getBoundingClientRect();
          const texts = [...svg.querySelectorAll('text')].map((text) => ({
            said: text.textContent,
            box: text.getBoundingClientRect(),
          }));
          const outside = texts.filter(
            ({ box }) => box.right > right + 1 || box.left < left - 1 || box.bottom > bottom + 2,
          );
          const clash = texts.filter(({ box }, index) =>
            texts.some(
              (other, at) =>
                at > index &&
                box.left < other.box.right - 1 &&
                other.box.left < box.right - 1 &&
                box.top < other.box.bottom - 4 &&
                other.box.top < box.bottom - 4,
            ),
          );
          return [
            ...outside.map(({ said }) => `outside: ${said}`),
            ...clash.map(({ said }) => `overlaps: ${said}`),
          ];
        }),
      );
      expect(problems).toEqual([]);
      await page.close();
    }
  }, 60_000);

  test('on paper all of it is there, black on white, also what is folded up on a screen', async () => {
    const { report, trace } = checks.get('intermediate-required')!;
    const { page } = await open(renderHtmlReport(report, trace), 'dark');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const seen = await page.evaluate(() => ({
      background: getComputedStyle(document.body).backgroundColor,
      folded: [...document.querySelectorAll('details dl')].filter(
        (list) => list.getBoundingClientRect().height === 0,
      ).length,
    }));
    expect(seen).toEqual({ background: 'rgb(255, 255, 255)', folded: 0 });
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    if (screenshots !== undefined) writeFileSync(join(screenshots, 'print.pdf'), pdf);
    await page.close();
  }, 60_000);

  test('hostile names and words do nothing', async () => {
    const hostile = [
      '</title><script>alert(1)</script>',
      '"><img src=x onerror=alert(2)>',
      "'--><svg onload=alert(3)>",
      '</style><style>body{display:none}</style>',
      '<a href="javascript:alert(4)">x</a>',
      '\u202egnp.exe \u0000\u0007\u001b[31m \u2028 ]]> <!-- {{7*7}}',
    ].join(' ');
    const { report, trace } = JSON.parse(
      JSON.stringify(checks.get('intermediate-required')).replaceAll(
        /SAP Internet of Things CA|Server unavailable|tried again|device-1|sapcert sandbox/g,
        () => JSON.stringify(hostile).slice(1, -1),
      ),
    ) as Checked;
    for (const redact of [true, false]) {
      const html = renderHtmlReport(report, trace, { redact });
      const { page, requests, complaints } = await open(html);
      const elements = await page.evaluate(() => ({
        scripts: document.querySelectorAll('script, img, a[href], iframe, object, link').length,
        styles: document.querySelectorAll('style').length,
        shown: document.body.getBoundingClientRect().height > 500,
        text: document.body.textContent ?? '',
      }));
      expect(elements).toMatchObject({ scripts: 0, styles: 1, shown: true });
      // The device is called that, so it has another name where names are replaced.
      expect(elements.text.includes('<script>alert(1)</script>')).toBe(!redact);
      expect(elements.text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
      expect({ requests, complaints }).toEqual({ requests: [], complaints: [] });
      await page.close();
    }
  }, 60_000);

  test('a script that got into the page by any way would not run', async () => {
    const { report, trace } = checks.get('no problem')!;
    const html = renderHtmlReport(report, trace).replace(
      '</main>',
      '<script>document.title = "ran"</script><img src="http://127.0.0.1:9/x.png"></main>',
    );
    const { page, complaints } = await open(html);
    expect(await page.title()).not.toBe('ran');
    expect(complaints.join('\n')).toMatch(/Content Security Policy/);
    await page.close();
  }, 60_000);
});
