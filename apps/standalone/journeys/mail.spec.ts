import { jest } from '@jest/globals';
import type { ConversationPage } from '@yixian/contracts';
import { eventually } from '@yixian/contracts/testing';
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser } from '../../../tools/browser/chromium.mjs';
import { DeskApi } from './desk-api.ts';
import { attacks, MailServer } from './mails.ts';
import { AgentAtDesk, PATIENCE } from './people.ts';
import { modes } from './systems.ts';
import type { System } from './systems.ts';

// A browser and a server: minutes on a busy machine.
jest.setTimeout(120_000);

/** 1×1, the smallest PNG there is. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let browser: Browser;
let system: System;
let api: DeskApi;
let lin: AgentAtDesk;
let mails: MailServer;

beforeAll(async () => {
  [browser, system] = await Promise.all([launchBrowser(), modes['in one process']!()]);
  api = new DeskApi(system.inboxUrl, system.token);
  lin = await AgentAtDesk.logIn(browser, system.inboxUrl, await api.hire('Lin'));
  mails = new MailServer(system.mailPort);
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await system?.remove();
}, 60_000);

/** What stands in the newest formatted mail on the timeline. */
const formatted = (): Locator => lin.timeline.frameLocator('iframe').last().locator('body');

it('a customer’s mail is read with its formatting and its pictures, and answered with formatting', async () => {
  await mails.bring({
    from: 'Ann Lee <ann@customer.example>',
    cc: 'Wei <wei@customer.example>',
    subject: 'Order 31 came broken',
    text: 'The box came broken.',
    html: '<p>The box came <b>broken</b>.</p><p><img src="cid:box@x"><img src="http://elsewhere.example/p.gif"></p>',
    attachments: [
      { filename: 'box.png', content: picture, cid: 'box@x' },
      { filename: '发票.txt', content: 'Invoice 31' },
    ],
  });
  await lin.open('Unassigned', 'Order 31 came broken');
  await formatted().getByText('broken', { exact: true }).waitFor();
  const image = formatted().locator('img').first();
  await eventually(
    () => image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth > 0),
    PATIENCE,
  );
  await lin.timeline.getByText('Images from elsewhere not loaded: 1').waitFor();
  await lin.timeline.getByRole('link', { name: /发票\.txt/ }).waitFor();

  const composer = lin.page.getByRole('region', { name: 'Composer' });
  // Before anything is written, everybody who would get it is in sight.
  for (const name of ['Ann Lee', 'Wei']) await composer.getByText(name, { exact: true }).waitFor();
  await lin.reply.click();
  await lin.page.keyboard.type('A new one is on its way: ');
  await lin.page.keyboard.press('Control+b');
  await lin.page.keyboard.type('parcel 77');
  await lin.page.keyboard.press('Control+Enter');
  await lin.page.getByRole('button', { name: 'Send now' }).click();
  await formatted().getByText('parcel 77').waitFor();
  await lin.timeline.getByText(/Preview only/).waitFor();

  const outbox = await fetch(system.outboxUrl);
  const page = await outbox.text();
  expect(page).toContain('Re: Order 31 came broken');
  expect(page).toContain('wei@customer.example');
});

it('a mail can be taken back for some seconds, and nothing of it is lost', async () => {
  await mails.bring({ from: 'Bo <bo@customer.example>', subject: 'When do you open?', text: 'When?' });
  await lin.open('Unassigned', 'When do you open?');
  await lin.reply.click();
  await lin.page.keyboard.type('At nine');
  await lin.page.keyboard.press('Control+Enter');
  await lin.page.getByRole('button', { name: 'Undo' }).click();
  await lin.reply.getByText('At nine').waitFor();
  await lin.page.reload();
  await lin.reply.getByText('At nine').waitFor();
  // Nobody answers what is not on the screen yet.
  await lin.timeline.getByText('When?').waitFor();
  // Nothing of what is typed right behind R goes elsewhere.
  await lin.page.keyboard.type('r, sharp');
  await lin.page.keyboard.press('Control+Enter');
  await lin.page.getByRole('button', { name: 'Undo' }).waitFor();
  await lin.timeline.getByText(/Preview only/).waitFor();
  await lin.timeline.getByText('At nine, sharp').waitFor();
});

it('what is hidden in a mail does nothing', async () => {
  const elsewhere: string[] = [];
  lin.context.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'data:' && host !== new URL(system.inboxUrl).host) elsewhere.push(request.url());
  });
  const script = '"><img src=x onerror=top.xss=1><script>top.xss=1</script>';
  await mails.bring({
    from: { name: script, address: 'eve@customer.example' },
    subject: `Look here ${script}`,
    text: script,
    html: `<p>Look here</p>${attacks.join('\n')}<p>the end</p>`,
    attachments: [
      { filename: `${script}.html`, content: '<script>top.xss=1</script>', contentType: 'text/html' },
      { filename: 'x.svg', content: '<svg onload="top.xss=1"/>', contentType: 'image/svg+xml' },
      {
        filename: 'x.png',
        content: '<script>top.xss=1</script>',
        contentType: `image/png; name="${script}"`,
      },
    ],
  });
  await lin.open('Unassigned', 'Look here');
  await formatted().getByText('the end').waitFor();
  // An integrator may send HTML that nobody cleaned: the frame holds by itself.
  const { conversations } = await api.call<ConversationPage>('GET', 'conversations?view=all&limit=200');
  const { id, lastSeq } = conversations.find(({ subject }) => subject?.startsWith('Look here'))!;
  for (const [index, html] of attacks.entries()) {
    await api.call('POST', `conversations/${id}/messages`, {
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      text: `attack ${index}`,
      seenSeq: lastSeq,
      force: true,
      payload: { mail: { html: `<p><b>attack ${index}</b></p>${html}` } },
    });
    await formatted().getByText(`attack ${index}`, { exact: true }).waitFor();
    for (const press of await formatted().getByText('press me').all()) await press.click({ force: true });
  }
  const xss = await lin.page.evaluate(() => (globalThis as { xss?: unknown }).xss);
  expect(xss).toBeUndefined();
  expect(elsewhere).toEqual([]);
});
