import { jest } from '@jest/globals';
import { createRequire } from 'node:module';
import { eventually } from '@yixian/contracts/testing';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { launchBrowser } from '../../../tools/browser/chromium.mjs';
import { DeskApi } from './desk-api.ts';
import { MailServer } from './mails.ts';
import { Visitor } from './people.ts';
import { modes } from './systems.ts';
import type { System } from './systems.ts';

// Browsers, brokers and servers that are killed: minutes on a busy machine.
jest.setTimeout(120_000);

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What a page breaks of WCAG 2.2 A and AA. */
async function faultsOf(page: Page | Frame): Promise<string[]> {
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    }),
  );
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

let browser: Browser;
let system: System;

beforeAll(async () => {
  [browser, system] = await Promise.all([launchBrowser(), modes['in one process']!()]);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await system?.remove();
}, 60_000);

describe.each([
  ['zh-CN', 'light'],
  ['zh-CN', 'dark'],
  ['en', 'light'],
  ['en', 'dark'],
] as const)('in %s, %s', (locale, colorScheme) => {
  let desk: Page;

  const open = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ locale, colorScheme, ...options });
    await context.addInitScript({ path: axe });
    return context.newPage();
  };

  beforeAll(async () => {
    desk = await open({ viewport: { width: 1440, height: 900 } });
  });

  it('the demo shop and the open chat have no fault', async () => {
    const page = await open();
    await page.goto(`${system.demoUrl}?lang=${locale}`);
    await page.waitForFunction(() => 'Yixian' in globalThis);
    expect(await faultsOf(page)).toEqual([]);
    await page.evaluate(() => (globalThis as unknown as { Yixian(name: string): void }).Yixian('open'));
    await eventually(() => Visitor.panelOf(page));
    const panel = Visitor.panelOf(page);
    await panel.locator('textarea').fill('茶叶 tea https://example.com');
    await panel.locator('textarea').press('Enter');
    await panel.getByRole('listitem').getByText('茶叶 tea').waitFor();
    expect(await faultsOf(panel)).toEqual([]);
  });

  it('the log-in page has no fault', async () => {
    await desk.goto(system.inboxUrl);
    await desk.locator('input[type=password]').waitFor();
    expect(await faultsOf(desk)).toEqual([]);
  });

  it('the inbox, a conversation and the settings have no fault', async () => {
    const api = new DeskApi(system.inboxUrl, system.token);
    const admin = {
      email: `ada-${locale}-${colorScheme}@example.com`.toLowerCase(),
      password: 'a long password',
      name: 'Ada',
    };
    await api.call('POST', 'agents', { ...admin, role: 'admin', locale });
    await desk.locator('input[type=email]').fill(admin.email);
    await desk.locator('input[type=password]').fill(admin.password);
    await desk.locator('input[type=password]').press('Enter');
    await desk.getByRole('navigation').first().waitFor();
    expect(await faultsOf(desk)).toEqual([]);

    await desk.goto(`${system.inboxUrl}/inbox/all`);
    await desk.getByText('茶叶 tea').first().click();
    await desk.getByRole('feed').getByText('茶叶 tea').waitFor();
    expect(await faultsOf(desk)).toEqual([]);

    const mails = new MailServer(system.mailPort);
    const subject = `Tea ${locale} ${colorScheme}`;
    await mails.bring({
      // Of her own in each mode: all mails of one customer are on one timeline.
      from: `Ann <ann-${locale}-${colorScheme}@customer.example>`.toLowerCase(),
      cc: 'wei@customer.example',
      subject,
      html: '<p>Is the <b>oolong</b> back? <img src="http://elsewhere.example/p.gif" alt="logo"></p>',
    });
    // While the pointer rests on the list, rows neither move nor come.
    await desk.mouse.move(720, 20);
    await desk.getByText(subject).first().click();
    const mail = desk.getByRole('feed').frameLocator('iframe').locator('body');
    await mail.getByText('oolong').waitFor();
    await desk.locator('.mail-people').first().click();
    await desk.locator('.mail-text').click();
    expect(await faultsOf(desk)).toEqual([]);

    await desk.keyboard.press('Escape');
    await desk.keyboard.press('Control+k');
    await desk.getByRole('dialog').waitFor();
    expect(await faultsOf(desk)).toEqual([]);
    await desk.keyboard.press('Escape');

    for (const page of ['accounts', 'agents', 'tokens']) {
      await desk.goto(`${system.inboxUrl}/settings/${page}`);
      await desk.getByRole('heading', { level: 2 }).first().waitFor();
      expect(await faultsOf(desk)).toEqual([]);
    }
    await desk.goto(`${system.inboxUrl}/settings/accounts`);
    for (const account of await desk.locator('.settings-item').all()) {
      await account.getByRole('button').first().click();
      await desk.getByRole('dialog').locator('.form-fields, .faint').first().waitFor();
      expect(await faultsOf(desk)).toEqual([]);
      await desk.keyboard.press('Escape');
    }
  });
});
