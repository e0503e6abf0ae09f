// The HTML report in a real browser, as a person would use it: to look at, to listen to, with keys, without a mouse,
// without a network, without a script.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { renderHtml } from '../src/commands/test/html-report.js';
import type { Context } from '../src/context.js';
import type { Report } from '../src/scenario/result.js';
import { root, temporaryFolder } from './support/agents.js';
import { findChromium, openBrowser } from './support/browser.js';
import { beyondTheEdge, faintTexts, openAll } from './support/in-page.js';
import { largeReport, sampleReport } from './support/reports.js';

const path = findChromium();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const phone = { width: 360, height: 740 };

/** A function of in-page.js, called in the page. */
const inPage = <T>(page: Page, work: () => T) => page.evaluate(`(${work})()`) as Promise<T>;

/** What a page does takes as long as the machine takes. */
const eventually = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 20_000 });

describe.skipIf(path === undefined)('the report in Chromium', { timeout: 120_000 }, () => {
  let browser: Browser;
  const pages = new Map<string, string>();

  beforeAll(async () => {
    browser = await openBrowser(path as string);
    const context = { host: { root } } as Context;
    const write = async (name: string, report: Report) => pages.set(name, await renderHtml(context, report));
    await write('sample', sampleReport());
    await write('large', largeReport(150));
  }, 120_000);
  afterAll(() => browser?.close());

  interface Opened {
    page: Page;
    url: string;
    /** All that was said to the console, refused by the policy, asked for elsewhere, or popped up. */
    troubles: string[];
  }

  async function open(
    options: BrowserContextOptions & { report?: string; at?: string } = {},
  ): Promise<Opened> {
    const { report = 'sample', at = '', ...rest } = options;
    const file = join(temporaryFolder(), 'report.html');
    writeFileSync(file, pages.get(report) as string);
    const url = pathToFileURL(file).href;
    const context = await browser.newContext({ colorScheme: 'light', offline: true, ...rest });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const troubles: string[] = [];
    page.on('console', (message) => troubles.push(message.text()));
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('dialog', (dialog) => {
      troubles.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (
        !/^(data|file):/.test(request.url()) ||
        (request.url().startsWith('file:') && !request.isNavigationRequest())
      )
        troubles.push(request.url());
    });
    await page.goto(url + at);
    return { page, url, troubles };
  }

  const focused = (page: Page) =>
    page.evaluate(
      "document.activeElement.closest('.scenario')?.querySelector('h4 bdi').textContent ?? document.activeElement.tagName",
    );

  const names = sampleReport().results.map(({ name }) => name);

  test('opens without a word of complaint, and asks for nothing', async () => {
    const { page, troubles } = await open();
    expect(await page.title()).toBe('2 of 15 scenarios failed · local');
    await inPage(page, openAll);
    expect(await page.locator('.scenario').count()).toBe(15);
    expect(troubles).toEqual([]);
  });

  test('lets nothing run that is not its own', async () => {
    const { page, troubles } = await open();
    await page.evaluate(`
      const script = document.createElement('script');
      script.textContent = 'window.hasRun = true';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src="https://example.com/x.png"><p style="color:red">x</p>');
    `);
    await eventually(() => troubles.filter((each) => each.includes('Content Security Policy')).length).toBe(
      3,
    );
    expect(await page.evaluate('window.hasRun')).toBeUndefined();
  });

  describe('keys', () => {
    test('walk through the scenarios, and open them', async () => {
      const { page } = await open();
      await page.keyboard.press('j');
      expect(await focused(page)).toBe(names[0]);
      await page.keyboard.press('j');
      await page.keyboard.press('ArrowDown');
      expect(await focused(page)).toBe(names[2]);
      await page.keyboard.press('k');
      await page.keyboard.press('ArrowUp');
      expect(await focused(page)).toBe(names[0]);
      const scenario = page.locator('.scenario').first();
      expect(await scenario.getAttribute('open')).toBeNull();
      await page.keyboard.press('Enter');
      expect(await scenario.getAttribute('open')).toBe('');
      await page.keyboard.press('k');
      expect(await focused(page)).toBe(names[0]);
    });

    test('/ filters, Escape ends it', async () => {
      const { page } = await open();
      await page.keyboard.press('/');
      await page.keyboard.type('jkp/ distress');
      expect(await page.locator('.scenario:visible').count()).toBe(0);
      await page.keyboard.press('Escape');
      expect(await page.locator('.scenario:visible').count()).toBe(15);
      expect(await focused(page)).toBe('BODY');
    });

    test('are told, and can be turned off, for the session too', async () => {
      const { page } = await open();
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keys' }).getByRole('checkbox').uncheck();
      await page.keyboard.press('Escape');
      await page.keyboard.press('j');
      expect(await focused(page)).not.toBe(names[0]);
      await page.reload();
      await page.keyboard.press('j');
      expect(await focused(page)).toBe('BODY');
      await page.getByRole('button', { name: 'Keys' }).click();
      await page.getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Close' }).click();
      await page.evaluate('document.activeElement.blur()');
      await page.keyboard.press('j');
      expect(await focused(page)).toBe(names[0]);
    });

    test('leave those with Ctrl to the browser', async () => {
      const { page } = await open();
      await page.keyboard.press('Control+j');
      expect(await focused(page)).toBe('BODY');
    });

    test('Tab reaches all there is to press, and it can be seen where one is', async () => {
      const { page } = await open();
      const seen = new Set<string>();
      for (let presses = 0; presses < 60; presses++) {
        await page.keyboard.press('Tab');
        const at = (await page.evaluate(`(() => {
          const at = document.activeElement;
          const style = getComputedStyle(at.matches('input[type=radio]') ? at.parentElement : at);
          return [at.tagName + ' ' + at.className, style.outlineStyle];
        })()`)) as [string, string];
        expect(at[1], at[0]).not.toBe('none');
        seen.add(at[0].trim());
      }
      expect([...seen]).toEqual(
        expect.arrayContaining([
          'A skip',
          'BUTTON',
          'INPUT',
          'A cell passed',
          'SUMMARY',
          'DIV scroll',
          'AUDIO',
        ]),
      );
    });
  });

  describe('the filter', () => {
    const shown = async (page: Page) =>
      [
        await page.locator('.scenario:visible').count(),
        await page.locator('.cell:visible').count(),
        await page.getByRole('status').textContent(),
      ] as const;

    test.each([
      ['booking checkup', 4],
      ['DISTRESS', 1],
      ['smoke', 2],
      ['español', 1],
      ['<b>said</b>', 1],
      ['nowhere to be found', 0],
    ])('by the words %j shows %i, with their cells', async (words, count) => {
      const { page } = await open();
      await page.getByRole('searchbox').fill(words);
      expect(await shown(page)).toEqual([count, count, `${count} of 15 shown`]);
      expect(await page.locator('.file:visible').count()).toBe(
        await page.locator('.grid-row:visible').count(),
      );
    });

    test.each([
      ['Failed 2', 2],
      ['Could not run 2', 2],
      ['Flaky 1', 1],
      ['Passed 9', 9],
      ['Not run 2', 2],
    ])('%s', async (name, count) => {
      const { page } = await open();
      const button = page.getByRole('button', { name, exact: true });
      await button.click();
      expect(await button.getAttribute('aria-pressed')).toBe('true');
      expect(await shown(page)).toEqual([count, count, `${count} of 15 shown`]);
      await button.click();
      expect(await shown(page)).toEqual([15, 15, '']);
    });

    test('keys walk through what is shown only', async () => {
      const { page } = await open();
      await page.getByRole('button', { name: 'Could not run' }).click();
      await page.keyboard.press('j');
      expect(await focused(page)).toBe('No advice is given on doses');
      await page.keyboard.press('j');
      await page.keyboard.press('j');
      expect(await focused(page)).toBe('A caller in distress');
    });
  });

  describe('sound', () => {
    const failed = '.scenario.failed';
    const state = (page: Page, within = failed) =>
      page.evaluate(
        `(({ duration, currentTime, paused }) => ({ duration, currentTime, paused }))(document.querySelector('${within} audio'))`,
      ) as Promise<{ duration: number; currentTime: number; paused: boolean }>;

    test('plays, with a line over the waveform and the words that are heard', async () => {
      const { page, troubles } = await open();
      const audio = page.locator(`${failed} audio`).first();
      await audio.scrollIntoViewIfNeeded();
      await eventually(async () => (await state(page)).duration).toBeCloseTo(21.9, 0);
      await page
        .locator(`${failed} .picture`)
        .first()
        .click({ position: { x: 400, y: 40 } });
      await eventually(async () => (await state(page)).currentTime).toBeGreaterThan(5);
      expect((await state(page)).paused).toBe(false);
      await eventually(() => page.locator(`${failed} .playhead`).count()).toBe(1);
      await page.locator(`${failed} .talk`).getByRole('button', { name: 'Play from 0:14.7' }).click();
      await eventually(() => page.locator(`${failed} .talk li.now p`).textContent()).toMatch(/^You need not/);
      const before = (await state(page)).currentTime;
      await eventually(async () => (await state(page)).currentTime).toBeGreaterThan(before);
      expect(troubles).toEqual([]);
    });

    test('Space plays and pauses where nothing else wants it, p anywhere', async () => {
      const { page } = await open();
      await page.locator(`${failed} .scroll`).first().focus();
      await page.keyboard.press('Space');
      await eventually(async () => (await state(page)).paused).toBe(false);
      await page.evaluate('document.activeElement.blur()');
      await page.keyboard.press('Space');
      await eventually(async () => (await state(page)).paused).toBe(true);
      await page.locator(`${failed} > summary`).first().focus();
      await page.keyboard.press('p');
      await eventually(async () => (await state(page)).paused).toBe(false);
    });

    test('one conversation at a time', async () => {
      const { page } = await open();
      await page.locator('.scenario').first().locator('summary').first().click();
      await page.keyboard.press('p');
      await eventually(async () => (await state(page, '.scenario.passed')).paused).toBe(false);
      await page.locator(`${failed} > summary`).first().focus();
      await page.keyboard.press('p');
      await eventually(async () => (await state(page)).paused).toBe(false);
      expect((await state(page, '.scenario.passed')).paused).toBe(true);
    });
  });

  describe('colours', () => {
    const ground = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');

    test('follow the system, and the switch for the session', async () => {
      const { page } = await open();
      const light = await ground(page);
      await page.emulateMedia({ colorScheme: 'dark' });
      const dark = await ground(page);
      expect(dark).not.toBe(light);
      await page.getByText('Light', { exact: true }).click();
      expect(await ground(page)).toBe(light);
      await page.reload();
      expect(await ground(page)).toBe(light);
      await page.getByRole('radio', { name: 'Auto' }).check();
      expect(await ground(page)).toBe(dark);
    });

    test.each(['light', 'dark'] as const)('%s: every text stands out', async (colorScheme) => {
      const { page } = await open({ colorScheme });
      await inPage(page, openAll);
      const { count, texts } = await inPage(page, faintTexts);
      expect(count).toBeGreaterThan(500);
      expect(texts).toEqual([]);
    });
  });

  test.each([phone, { width: 768, height: 1000 }, { width: 1280, height: 800 }])(
    'at %o nothing reaches beyond the window',
    async (viewport) => {
      const { page } = await open({ viewport });
      await inPage(page, openAll);
      expect(await inPage(page, beyondTheEdge)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    },
  );

  describe.each(['light', 'dark'] as const)('for everybody, %s', (colorScheme) => {
    test.each([
      ['on a screen', undefined],
      ['on a phone', phone],
    ])('%s', async (_, viewport) => {
      const { page } = await open({ colorScheme, ...(viewport && { viewport }) });
      await inPage(page, openAll);
      await page.evaluate(axe);
      const looked = async () => {
        const found = (await page.evaluate(
          "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
        )) as { violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] };
        expect(found.passes.length).toBeGreaterThan(20);
        return found.violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' ')}`,
        );
      };
      expect(await looked()).toEqual([]);
      await page.getByRole('button', { name: 'Keys' }).click();
      expect(await looked()).toEqual([]);
    });
  });

  test('a screen reader hears the outcome, the scenarios and what is wrong with them', async () => {
    const { page } = await open();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('2 of 15 scenarios failed');
    const heading = page.getByRole('heading', {
      level: 4,
      name: 'failed: A tool that fails is not promised away',
    });
    expect(await heading.count()).toBe(1);
    const cells = page.getByRole('region', { name: 'At a glance' }).getByRole('link');
    expect(await cells.nth(1).getAttribute('aria-label')).toBe(
      'A tool that fails is not promised away: failed, 22 s',
    );
    const row = page.getByRole('row', { name: /^failed does not say "booked"/ });
    expect(await row.getByRole('cell').allTextContents()).toEqual([
      'failed',
      '"Of course. I have booked you in for tomorrow at eleven."',
    ]);
    const picture = page.getByRole('img', { name: /^22 s: 3 turns, 1 tool call, longest silence 3\.\d s/ });
    expect(await picture.count()).toBe(1);
  });

  describe('links', () => {
    test('to a closed scenario open it, also from the grid', async () => {
      const { page, url } = await open();
      const cell = page.locator('.cell').nth(4);
      const id = (await cell.getAttribute('href')) as string;
      await cell.click();
      expect(await page.locator(id).getAttribute('open')).toBe('');
      expect(await focused(page)).toBe(names[4]);
      await page.goto('about:blank');
      await page.goto(url + id);
      await eventually(() => focused(page)).toBe(names[4]);
    });

    test('to a turn of a run that is closed open both', async () => {
      const { page } = await open();
      const id = await page.locator('.scenario[id^=the-booking] .turn').last().getAttribute('id');
      await page.evaluate(`location.hash = '${id}'`);
      await eventually(() => page.locator(`#${id}`).isVisible()).toBe(true);
    });

    test('that lead nowhere do nothing', async () => {
      const { page, troubles } = await open({ at: '#%E0%A4%A' });
      await page.evaluate("location.hash = 'nowhere'");
      expect(await page.locator('.controls').isVisible()).toBe(true);
      expect(troubles).toEqual([]);
    });
  });

  test('a command is copied', async () => {
    const { page } = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    const again = page.locator('.scenario.failed .again').first();
    await again.getByRole('button').click();
    await eventually(() => again.getByRole('button').textContent()).toBe('Copied');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      "agents replay '.agents/test/failed-tool.jsonl'",
    );
  });

  test('on paper there is nothing to press, and it is light', async () => {
    const { page } = await open({ colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('button:not(.at):visible, audio:visible, input:visible').count()).toBe(0);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    const { texts } = await inPage(page, faintTexts);
    expect(texts).toEqual([]);
  });

  describe('without a script', () => {
    test.each(['sample', 'large'])('all of it is there: %s', async (report) => {
      const { page } = await open({ report, javaScriptEnabled: false });
      expect(await page.locator('.controls, .corner, dialog').count()).toBe(0);
      const first = page.locator('.scenario').first();
      expect(await first.locator('.talk').isVisible()).toBe(false);
      await first.locator('summary').first().click();
      expect(await first.locator('.talk').isVisible()).toBe(true);
      expect(await first.locator('audio').isVisible()).toBe(true);
      expect(await first.locator('.picture').isVisible()).toBe(true);
    });
  });

  describe('a long report', () => {
    test('makes what is closed when it is opened, to hear and to copy too', async () => {
      const { page, troubles } = await open({ report: 'large' });
      const first = page.locator('.scenario').first();
      expect(await first.locator('.talk').count()).toBe(0);
      await first.locator('summary').first().click();
      await eventually(() => first.locator('.talk').count()).toBe(1);
      expect(await first.locator('.again button').count()).toBe(1);
      await first
        .locator('.talk')
        .getByRole('button', { name: /^Play from/ })
        .nth(1)
        .click();
      await eventually(() => page.evaluate("document.querySelector('audio').currentTime")).toBeGreaterThan(
        0.3,
      );
      expect(troubles).toEqual([]);
    });

    test('is searched in whole', async () => {
      const { page } = await open({ report: 'large' });
      await page.getByRole('searchbox').fill('"confirmation": "c-2041"');
      expect(await page.getByRole('status').textContent()).toBe('137 of 150 shown');
      await page.getByRole('searchbox').fill('noscript');
      expect(await page.getByRole('status').textContent()).toBe('0 of 150 shown');
    });

    test('a link to a turn in what is not made yet makes it', async () => {
      const { page } = await open({ report: 'large' });
      const id = await page.locator('.scenario').nth(20).getAttribute('id');
      await page.evaluate(`location.hash = '${id}-run-1-turn-2'`);
      await eventually(() => page.locator(`#${id}-run-1-turn-2`).isVisible()).toBe(true);
    });
  });
});
