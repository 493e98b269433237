import { channelSuite } from '@yixian/channel/testing';
import type { AccountId, Address } from '@yixian/contracts';
import { systemClock } from '@yixian/contracts';
import { MediaLinks } from '@yixian/media';
import { ChatChannel } from './chat-channel.ts';
import { ChatWidgetSettings } from './settings.ts';
import { MessageDoor } from './visitors/message-door.ts';
import { Reception } from './visitors/reception.ts';
import { VisitorRooms } from './visitors/rooms.ts';
import { VisitorFiles } from './visitors/visitor-files.ts';
import { VisitorLimits } from './visitors/visitor-limits.ts';

const clock = systemClock;
const secret = { key: () => Buffer.alloc(32) };
const files = new VisitorFiles(secret, clock, new MediaLinks(secret.key(), clock));
const settings = ChatWidgetSettings.parse({ VISITOR_MESSAGES_PER_SECOND: 10_000 });

/** What a visitor's tab says, at the door behind the socket. */
function doorOf(channel: ChatChannel): MessageDoor {
  const limits = new VisitorLimits(settings, clock);
  return new MessageDoor({ channel, reception: new Reception(channel, files, clock), files, limits, clock });
}

channelSuite('web chat', async () => ({
  channel: () => new ChatChannel(new VisitorRooms(), files),
  settings: () => ({ origins: ['https://shop.cn'], identitySecret: 'a-secret-of-the-shop-with-32-letters' }),
  async write(channel, { account, address, nativeId, text }) {
    const visitor = { site: account as AccountId, address: address as Address, answers: {}, spoke: true };
    const session = { visitor, locale: 'zh-CN' as const, page: undefined, network: 'here', tokenHash: '' };
    try {
      await doorOf(channel).take(session, { nonce: nativeId, text, files: [] });
      return 'acknowledged';
    } catch {
      return 'again';
    }
  },
  close: async () => undefined,
}));
