import { DeliveryError } from '@yixian/channel';
import type { AccountFinding, AccountId, LocalText } from '@yixian/contracts';
import { deliveryErrorOf } from '../tencent/refusals.ts';
import { TencentSilent } from '../tencent/tencent-refused.ts';
import type { LoginState } from '../wechaty/supervisor.ts';

const text = (zh: string, en: string): LocalText => ({ 'zh-CN': zh, en });

/** What a person has to do when Tencent does not take an account's credentials, by the stable reason. */
const remedies: Record<string, LocalText> = {
  credentials_refused: text(
    'AppID、企业 ID 或 Secret 不正确，或 Secret 已重置',
    'the AppID, corp id or secret is wrong, or the secret was reset',
  ),
  ip_not_allowed: text(
    '本服务器的 IP 不在白名单中，请在后台添加',
    'this server is not on the IP whitelist: add it in the console',
  ),
  not_permitted: text('账号没有该接口权限，请先认证', 'the account lacks the permission: get it verified'),
  account_blocked: text('接口已被腾讯停用', 'Tencent has barred the account from its API'),
  account_disabled: text('客服账号不存在或已停用', 'the customer service account is gone or disabled'),
  daily_quota: text('当日调用次数已用完', 'the calls of today are used up'),
  provider_busy: text('腾讯系统繁忙', 'Tencent is busy'),
  provider_unreachable: text('无法连接腾讯', 'Tencent cannot be reached'),
};

/** Tencent does not take the credentials: why, in words, and in Tencent's own. */
export function refusedToken(error: unknown): AccountFinding {
  const meant = deliveryErrorOf(error);
  const own = error instanceof TencentSilent ? '' : error instanceof Error ? error.message : String(error);
  const remedy = meant instanceof DeliveryError ? remedies[meant.code] : undefined;
  const passes = meant instanceof DeliveryError && meant.retryable;
  const { 'zh-CN': zh, en } = remedy ?? text('腾讯拒绝了请求', 'Tencent refused');
  return {
    part: 'token',
    state: passes ? 'warning' : 'wrong',
    says: text(`接口凭证：${zh}${own && `（${own}）`}`, `Access token: ${en}${own && ` (${own})`}`),
  };
}

export const goodToken: AccountFinding = {
  part: 'token',
  state: 'ok',
  says: text('接口凭证有效', 'Access token: accepted by Tencent'),
};

/** Which account of customer service it is; `undefined`: none that these credentials can see. */
export function kfAccount(name: string | undefined): AccountFinding {
  if (name === undefined)
    return {
      part: 'account',
      state: 'wrong',
      says: text(
        '没有这个客服账号：请检查 open_kfid，并在后台授权给该应用',
        'No such customer service account: check its open_kfid, and that the application may use it',
      ),
    };
  return { part: 'account', state: 'ok', says: text(`客服账号：${name}`, `Serves as ${name}`) };
}

/** When Tencent called last, and where it should. */
export function callbackSeen(at: number | undefined, now: number, account: AccountId): AccountFinding {
  if (at === undefined)
    return {
      part: 'callback',
      state: 'warning',
      says: text(
        `尚未收到腾讯的回调：请在后台把服务器地址（URL）设为 https://<本系统的域名>/wechat/${account}，并核对 Token 和 EncodingAESKey`,
        `No callback from Tencent yet: in the console set the server URL to https://<your address>/wechat/${account}, and check token and EncodingAESKey`,
      ),
    };
  const { 'zh-CN': zh, en } = ago(now - at);
  return { part: 'callback', state: 'ok', says: text(`最近一次回调：${zh}`, `Last callback: ${en}`) };
}

const MINUTE = 60_000;

function ago(ms: number): LocalText {
  if (ms < MINUTE) return text('1 分钟内', 'less than a minute ago');
  const [n, zh, en] =
    ms < 60 * MINUTE
      ? [Math.floor(ms / MINUTE), '分钟', 'minute']
      : ms < 24 * 60 * MINUTE
        ? [Math.floor(ms / (60 * MINUTE)), '小时', 'hour']
        : [Math.floor(ms / (24 * 60 * MINUTE)), '天', 'day'];
  return text(`${n} ${zh}前`, `${n} ${en}${n === 1 ? '' : 's'} ago`);
}

/** How it stands with the login of a bot. */
export function login(state: LoginState): AccountFinding {
  switch (state.state) {
    case 'online':
      return {
        part: 'login',
        state: 'ok',
        says: text(`已登录：${state.userName}`, `Logged in as ${state.userName}`),
      };
    case 'scan':
      return {
        part: 'login',
        state: 'warning',
        says: text(
          '请用该账号的手机微信扫码登录',
          'Scan it with WeChat on the account’s own phone to log in',
        ),
        scan: state.qrCode.slice(0, 2000),
      };
    case 'starting':
      return { part: 'login', state: 'skipped', says: text('正在启动…', 'Starting…') };
    case 'down':
      return {
        part: 'login',
        state: 'wrong',
        says: text(`未登录，正在重试：${state.why}`, `Not logged in, trying again: ${state.why}`),
      };
  }
}

/** There is an account, and nothing runs for it. */
export const notRunning: AccountFinding = {
  part: 'account',
  state: 'wrong',
  says: text('账号没有运行：请检查设置', 'The account does not run: check its settings'),
};
