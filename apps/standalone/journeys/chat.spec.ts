import { jest } from '@jest/globals';
import { eventually } from '@yixian/contracts/testing';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../tools/browser/chromium.mjs';
import { DeskApi } from './desk-api.ts';
import { AgentAtDesk, PATIENCE, Visitor } from './people.ts';
import { modes } from './systems.ts';
import type { System } from './systems.ts';

// Browsers, brokers and servers that are killed: minutes on a busy machine.
jest.setTimeout(120_000);

/** 1×1, the smallest PNG there is. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe.each(Object.entries(modes))('a customer and an agent, %s', (_, startSystem) => {
  let browser: Browser;
  let system: System;
  let api: DeskApi;
  let lin: AgentAtDesk;

  beforeAll(async () => {
    [browser, system] = await Promise.all([launchBrowser(), startSystem()]);
    api = new DeskApi(system.inboxUrl, system.token);
    lin = await AgentAtDesk.logIn(browser, system.inboxUrl, await api.hire('Lin'));
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await system?.remove();
  }, 60_000);

  it('talk: text both ways, typing, read', async () => {
    const visitor = await Visitor.enter(browser, system.demoUrl);
    await visitor.write('Is the oolong back in stock?');
    await visitor.sees('Is the oolong back in stock?');
    await lin.open('Unassigned', 'Is the oolong back in stock?');

    await lin.reply.pressSequentially('One moment');
    await visitor.panel.getByText('is typing').waitFor();
    await lin.answer('It is. Shall I keep one for you?');
    await visitor.sees('It is. Shall I keep one for you?');
    await visitor.panel.getByText('Read', { exact: true }).waitFor({ state: 'attached' });
    await lin.timeline.getByText('Read', { exact: true }).waitFor({ state: 'attached' });

    // At human speed: typing is told at most once in two seconds, and a key just before does not count again.
    const typed = visitor.panel
      .getByRole('textbox', { name: 'Message' })
      .pressSequentially('Yes please, one', { delay: 300 });
    await lin.page
      .getByText(/is typing…/)
      .first()
      .waitFor();
    await typed;
    await visitor.write('Yes please');
    await lin.sees('Yes please');
    await visitor.leave();
  });

  it('send each other files', async () => {
    const visitor = await Visitor.enter(browser, system.demoUrl);
    await visitor.write('My parcel came like this');
    await lin.open('Unassigned', 'My parcel came like this');
    await visitor.attach('broken.png', 'image/png', picture);
    const image = lin.timeline.getByRole('button', { name: 'Image broken.png' }).locator('img');
    await image.waitFor();
    await eventually(
      () => image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth > 0),
      PATIENCE,
    );

    await lin.page
      .getByRole('region', { name: 'Composer' })
      .locator('input[type=file]')
      .setInputFiles({
        name: 'return-label.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('Return to: Yixian'),
      });
    await lin.answer('Please use this label');
    await visitor.panel.getByText('return-label.txt').waitFor();
    await visitor.leave();
  });

  it('keep the conversation over a reload, in two tabs', async () => {
    const visitor = await Visitor.enter(browser, system.demoUrl);
    await visitor.write('First question');
    await visitor.sees('First question');
    await visitor.page.reload();
    await visitor.openChat();
    await visitor.sees('First question');

    const second = await visitor.context.newPage();
    await second.goto(`${system.demoUrl}?lang=en`);
    await visitor.openChat(second);
    await Visitor.panelOf(second).getByText('First question', { exact: true }).waitFor();
    await lin.open('Unassigned', 'First question');
    await lin.answer('Seen in both tabs');
    await visitor.sees('Seen in both tabs');
    await Visitor.panelOf(second).getByText('Seen in both tabs', { exact: true }).waitFor();
    expect(await visitor.transcript()).toEqual(['First question', 'Seen in both tabs']);
    await visitor.leave();
  });

  it('write while offline: everything arrives once, in order, also after a reload', async () => {
    const visitor = await Visitor.enter(browser, system.demoUrl);
    await visitor.write('Before the tunnel');
    await visitor.sees('Before the tunnel');
    await visitor.context.setOffline(true);
    await visitor.write('In the tunnel 1');
    await visitor.write('In the tunnel 2');
    await visitor.panel.getByText('In the tunnel 2', { exact: true }).waitFor();
    await visitor.context.setOffline(false);
    await visitor.page.reload();
    await visitor.openChat();
    await lin.open('Unassigned', 'In the tunnel 2');
    await eventually(async () => {
      const texts = await api.textsOf('In the tunnel 2');
      expect(texts).toEqual(['Before the tunnel', 'In the tunnel 1', 'In the tunnel 2']);
    }, PATIENCE);
    await visitor.leave();
  });

  it('part: the agent closes, the customer rates, and comes back', async () => {
    const visitor = await Visitor.enter(browser, system.demoUrl);
    await visitor.write('Thank you, that was all');
    await lin.open('Unassigned', 'Thank you, that was all');
    await lin.answer('You are welcome');
    await visitor.sees('You are welcome');
    await lin.page.getByRole('button', { name: 'Close', exact: true }).click();

    await visitor.panel.getByRole('radio', { name: 'Excellent' }).check({ force: true });
    await visitor.panel.getByRole('textbox', { name: /Anything else/ }).fill('Quick and kind');
    await visitor.panel.getByRole('button', { name: 'Send rating' }).click();
    await visitor.panel.getByText('Thank you for your rating!').waitFor();
    await lin.timeline.getByText('Quick and kind').waitFor();

    await visitor.write('One more thing');
    await lin.sees('One more thing');
    await lin.page.getByRole('button', { name: 'Close', exact: true }).waitFor();
    await visitor.leave();
  });

  it('are not answered twice: a colleague’s newer reply is shown before mine goes out', async () => {
    const wei = await AgentAtDesk.logIn(browser, system.inboxUrl, await api.hire('Wei'));
    const visitor = await Visitor.enter(browser, system.demoUrl);
    await visitor.write('Who answers first?');
    await lin.open('Unassigned', 'Who answers first?');
    await wei.open('All', 'Who answers first?');
    await wei.page
      .getByText(/Lin viewing/)
      .first()
      .waitFor();

    await wei.context.setOffline(true);
    await lin.answer('I do');
    await visitor.sees('I do');
    await wei.answer('Me too');
    await wei.context.setOffline(false);
    await wei.page.getByText(/send anyway\?/).waitFor();
    expect(await api.textsOf('Who answers first?')).toEqual(['Who answers first?', 'I do']);
    await wei.page.getByRole('button', { name: 'Send anyway' }).click();
    await visitor.sees('Me too');
    await Promise.all([visitor.leave(), wei.leave()]);
  });

  it('write a note that only colleagues see', async () => {
    const visitor = await Visitor.enter(browser, system.demoUrl);
    await visitor.write('Can I have a discount?');
    await lin.open('Unassigned', 'Can I have a discount?');
    await lin.page.getByRole('button', { name: 'Internal note' }).click();
    await lin.page.getByRole('textbox', { name: 'Internal note' }).fill('Regular customer: 10 % is fine');
    await lin.page.getByRole('button', { name: 'Add note' }).click();
    await lin.sees('Regular customer: 10 % is fine');
    await lin.page.getByRole('button', { name: 'Reply', exact: true }).click();
    await lin.answer('Of course');
    await visitor.sees('Of course');
    expect(await visitor.transcript()).toEqual(['Can I have a discount?', 'Of course']);
    await visitor.leave();
  });

  it('go on after everything was killed in mid-chat: nothing is missed, nothing twice', async () => {
    const visitor = await Visitor.enter(browser, system.demoUrl);
    await visitor.write('Before the crash');
    await lin.open('Unassigned', 'Before the crash');
    await system.crash();
    await visitor.write('During the crash 1');
    await visitor.write('During the crash 2');
    await lin.answer('Answer of the agent during the crash');
    await lin.page.getByText(/Connection lost/).waitFor();
    await system.start();
    await visitor.sees('Answer of the agent during the crash');
    await lin.sees('During the crash 1');
    await lin.sees('During the crash 2');
    await eventually(async () => {
      const texts = await api.textsOf('Before the crash');
      const own = texts.filter((text) => !text.startsWith('Answer'));
      expect(own).toEqual(['Before the crash', 'During the crash 1', 'During the crash 2']);
      expect(texts).toHaveLength(4);
    }, PATIENCE);
    expect(new Set(await visitor.transcript())).toEqual(new Set(await api.textsOf('Before the crash')));
    await visitor.leave();
  });
});
