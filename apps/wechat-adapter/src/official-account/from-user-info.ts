import type { Payload, Sender } from '@yixian/contracts';
import { compact } from '../wechat-payload.ts';

interface Scope {
  appId: string;
  /** Unionids are the same on all accounts of one open platform account, and say nothing beyond it. */
  openPlatform: string;
}

/** How a scene is called in the record. */
type NameScene = (scene: string) => string;

/**
 * Who a follower is, by user/info. Nickname and avatar are empty since December 2021, unless the account had them
 * before. `undefined` when it says nothing.
 * https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html
 */
export function fromUserInfo(
  info: Record<string, unknown>,
  scope: Scope,
  nameScene: NameScene = String,
): Sender | undefined {
  const text = (name: string) => (typeof info[name] === 'string' ? info[name] : '');
  const unionId = text('unionid');
  const name = text('nickname').slice(0, 200);
  const avatarUrl = text('headimgurl').slice(0, 2000);
  const attributes = compact({
    remark: text('remark'),
    source: text('subscribe_scene'),
    scene: nameScene(text('qr_scene_str')) || sceneNumber(info.qr_scene),
  });
  const sender: Sender = {
    ...(name && { name }),
    ...(avatarUrl && { avatarUrl }),
    ...(text('language') && { locale: text('language').replace('_', '-').slice(0, 35) }),
    claims: unionId && scope.openPlatform ? [unionClaim(unionId, scope)] : [],
    ...(Object.keys(attributes).length > 0 && { attributes: attributes as Payload }),
  };
  return Object.keys(sender).length > 1 || sender.claims.length > 0 ? sender : undefined;
}

/** Told by Tencent over a connection of our own: proved. */
export function unionClaim(unionId: string, { appId, openPlatform }: Scope): Sender['claims'][number] {
  return {
    kind: 'external',
    value: `wechat-union:${openPlatform}:${unionId}`,
    verified: true,
    evidence: `unionid:${appId}`,
  };
}

const sceneNumber = (scene: unknown): string =>
  typeof scene === 'number' && scene !== 0 ? String(scene) : '';
