import { Accounts, ensureFirstAdmin } from '@yixian/conversation-hub';
import type { FirstAdmin } from '@yixian/conversation-hub';
import type { AccountId, ChannelName } from '@yixian/contracts';
import { EMAIL, EmailChannel } from '@yixian/email-adapter';
import { CLOCK, DATABASE } from '@yixian/service';
import { SIMULATED_OFFICIAL_ACCOUNT, simulatedAccounts, WechatChannel } from '@yixian/wechat-adapter';
import type { RunningApps } from '@yixian/service';

/**
 * The chat of the demo shop: the first account of a new system, so that there is something to try. Visitors go on in
 * WeChat where that is simulated.
 */
const demoSite = (isSimulated: boolean) => ({
  id: 'demo' as AccountId,
  channel: 'chat' as ChannelName,
  name: '山岚茶舍',
  settings: {
    origins: ['http://localhost:*', 'http://127.0.0.1:*'],
    title: '山岚茶舍',
    greeting: '您好，有什么可以帮您？',
    wechat: isSimulated ? SIMULATED_OFFICIAL_ACCOUNT : '',
  },
});

/** Its mailbox: whatever is brought to the built-in receiver for this address is on the desk at once. */
const demoMailbox = {
  id: 'mail' as AccountId,
  channel: EMAIL,
  name: '山岚茶舍',
  settings: { address: 'support@example.com' },
};

/** What the first start makes, and what every start tells the person at the terminal. */
export async function welcome(running: RunningApps): Promise<void> {
  const admin = await ensureFirstAdmin({ database: running.get(DATABASE), clock: running.get(CLOCK) });
  const wechat = running.get(WechatChannel);
  await running.get(Accounts).ensureAccount(demoSite(wechat.isSimulated));
  await running.get(Accounts).ensureAccount(demoMailbox);
  if (wechat.isSimulated)
    for (const account of simulatedAccounts) await running.get(Accounts).ensureAccount(account);
  console.log(greeting(running.url, admin, running.get(EmailChannel), wechat));
}

/** Plain text, in both languages of the desk. */
export function greeting(
  url: string,
  admin: FirstAdmin | undefined,
  mail: { port: number | undefined; outboxKey: string },
  wechat: { isSimulated: boolean },
): string {
  const lines = [
    '',
    `  Inbox   收件箱    ${url}/`,
    `  Demo    演示商店  ${url}/demo`,
    ...(mail.port
      ? [`  Mail    收信      smtp://127.0.0.1:${mail.port}  ${demoMailbox.settings.address}`]
      : []),
    ...(wechat.isSimulated ? [`  WeChat  微信模拟  ${url}/simulator`] : []),
    `  Outbox  发件预览  ${url}/mail/outbox?key=${mail.outboxKey}`,
    ...(admin
      ? [
          '',
          `  E-mail    邮箱  ${admin.email}`,
          `  Password  密码  ${admin.password}`,
          '  Shown this once. Change it in the inbox. / 仅显示这一次，请在收件箱中修改。',
        ]
      : []),
    '',
  ];
  return lines.join('\n');
}
