import { jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../../tools/browser/chromium.mjs';
import { DeskApi } from './desk-api.ts';
import { AgentAtDesk } from './people.ts';
import { modes } from './systems.ts';
import type { System } from './systems.ts';

jest.setTimeout(120_000);

let browser: Browser;
let system: System;
let lin: AgentAtDesk;

beforeAll(async () => {
  [browser, system] = await Promise.all([launchBrowser(), modes['in one process']!()]);
  const api = new DeskApi(system.inboxUrl, system.token);
  lin = await AgentAtDesk.logIn(browser, system.inboxUrl, await api.hire('Lin'));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await system?.remove();
}, 60_000);

/** As the simulator's page does it. */
async function says(account: string, follower: string, text: string): Promise<void> {
  const response = await fetch(`${system.inboxUrl}/simulator/${account}/${follower}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'text', text }),
  });
  expect(await response.json()).toEqual({ answer: 'acknowledged' });
}

const handOver = () => lin.page.getByRole('button', { name: 'Hand over to WeCom' });

it('an agent hands a customer of WeCom to a colleague there, and is told that they are answered there now', async () => {
  await says('wechat-kf-demo', 'li-hua', '请找张三');
  await lin.open('Unassigned', '请找张三');
  await handOver().click();
  const form = lin.page.getByRole('dialog');
  await form.getByLabel('To whom').selectOption('A certain colleague');
  await form.getByLabel('Their account in WeCom (UserID)').fill('zhangsan');
  await form.getByRole('button', { name: 'Hand over', exact: true }).click();
  await lin.sees('Handed over to zhangsan in WeCom');
  await lin.answer('One more thing');
  await lin.timeline.getByText('a colleague in WeCom serves the conversation', { exact: false }).waitFor();
});

it('what is begun stays when the customer is handed to the pool', async () => {
  await says('wechat-kf-demo', 'wang-fang', '有人吗');
  await lin.open('Unassigned', '有人吗');
  await lin.reply.fill('Half a');
  await handOver().click();
  await lin.page.getByRole('dialog').getByRole('button', { name: 'Hand over', exact: true }).click();
  await lin.sees('Handed over to the pool in WeCom');
  expect(await lin.reply.inputValue()).toBe('Half a');
});

it('a follower of an official account cannot be handed over', async () => {
  await says('wechat-demo', 'zhao-lei', '你好');
  await lin.open('Unassigned', '你好');
  await lin.page.getByRole('button', { name: 'Send a menu' }).waitFor();
  expect(await handOver().count()).toBe(0);
});
