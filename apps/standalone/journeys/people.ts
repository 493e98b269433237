import { eventually } from '@yixian/contracts/testing';
import type { Browser, BrowserContext, Frame, Locator, Page } from 'playwright-core';

/** How long a person looks before deciding that something does not happen. */
export const PATIENCE = 20_000;

/** A customer in the demo shop, in a browser of their own. */
export class Visitor {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async enter(browser: Browser, demoUrl: string): Promise<Visitor> {
    const context = await browser.newContext({ locale: 'en-US' });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    await page.goto(`${demoUrl}?lang=en`);
    const visitor = new Visitor(context, page);
    await visitor.openChat();
    return visitor;
  }

  /** The launcher lives in a closed shadow root, so it is reached as a keyboard reaches it: by the page's API. */
  async openChat(page = this.page): Promise<void> {
    await page.waitForFunction(() => typeof (globalThis as { Yixian?: unknown }).Yixian === 'function');
    await page.evaluate(() => {
      const { Yixian } = globalThis as unknown as { Yixian(name: string, ...given: unknown[]): void };
      Yixian('setLocale', 'en');
      Yixian('open');
    });
    await eventually(() => Visitor.panelOf(page));
    await Visitor.panelOf(page).getByRole('textbox', { name: 'Message' }).waitFor();
  }

  static panelOf(page: Page): Frame {
    const frame = page.frame({ url: /\/w\/panel/ });
    if (!frame) throw new Error('The chat is not open on this page.');
    return frame;
  }

  get panel(): Frame {
    return Visitor.panelOf(this.page);
  }

  get messages(): Locator {
    return this.panel.getByRole('region', { name: 'Messages' }).getByRole('listitem');
  }

  async write(text: string): Promise<void> {
    await this.panel.getByRole('textbox', { name: 'Message' }).fill(text);
    await this.panel.getByRole('button', { name: 'Send', exact: true }).click();
  }

  async sees(text: string): Promise<void> {
    await this.messages.getByText(text, { exact: true }).waitFor();
  }

  /** All that was said, as this browser shows it, oldest first. */
  async transcript(): Promise<string[]> {
    return this.messages.locator('p.text').allInnerTexts();
  }

  async attach(name: string, mimeType: string, buffer: Buffer): Promise<void> {
    await this.panel.locator('input[type=file]').setInputFiles({ name, mimeType, buffer });
  }

  leave(): Promise<void> {
    return this.context.close();
  }
}

/** An agent at the desk, in a browser of their own. */
export class AgentAtDesk {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async logIn(
    browser: Browser,
    inboxUrl: string,
    agent: { email: string; password: string },
  ): Promise<AgentAtDesk> {
    const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 } });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    await page.goto(inboxUrl);
    await page.getByLabel('E-mail').fill(agent.email);
    await page.getByLabel('Password').fill(agent.password);
    await page.getByRole('button', { name: 'Log in' }).click();
    const desk = new AgentAtDesk(context, page);
    await desk.list.waitFor();
    return desk;
  }

  get list(): Locator {
    return this.page.getByRole('region', { name: 'Conversations' });
  }

  get timeline(): Locator {
    return this.page.getByRole('feed');
  }

  get reply(): Locator {
    return this.page.getByRole('textbox', { name: 'Reply', exact: true });
  }

  /** Opens the conversation whose row in the view shows this text. */
  async open(view: 'Mine' | 'Unassigned' | 'All' | 'Closed', text: string): Promise<void> {
    await this.page.getByRole('link', { name: new RegExp(`^${view}`) }).click();
    // While the pointer rests on the list, rows neither move nor come.
    await this.page.mouse.move(720, 20);
    await this.list.getByText(text).first().click();
    await this.timeline.getByText(text).first().waitFor();
  }

  async answer(text: string): Promise<void> {
    await this.reply.fill(text);
    await this.reply.press('Enter');
  }

  async sees(text: string): Promise<void> {
    await this.timeline.getByText(text, { exact: true }).first().waitFor();
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  leave(): Promise<void> {
    return this.context.close();
  }
}
