import type { Account } from '../account.ts';
import { BOT } from '../wechaty/simulator/simulated-wechat.ts';
import type { SimulatedWechat } from '../wechaty/simulator/simulated-wechat.ts';
import { samplePicture } from './samples.ts';
import type { Deed, Line, Seat } from './seat.ts';

const ROOM = 'tea-friends';

/** People in the simulated WeChat of a bot, who also meet in a group. */
export class SimulatedBotSeat implements Seat {
  readonly deeds = ['text', 'image', 'group', 'logout', 'login'];

  constructor(
    readonly account: Pick<Account, 'id' | 'name' | 'provider'>,
    private readonly wechat: SimulatedWechat,
  ) {
    this.wechat.rooms.set(ROOM, { topic: '茶友群', members: [BOT] });
  }

  async do(who: string, { type, text }: Deed): Promise<string> {
    const file = { name: 'picture.png', content: samplePicture() };
    if (type === 'logout') this.wechat.requireScan();
    else if (type === 'login') this.wechat.scan();
    else if (type === 'image') this.wechat.say({ from: who, type: 'Image', file });
    else if (type === 'group')
      this.wechat.say({
        from: who,
        room: ROOM,
        text: `@${this.wechat.people.get(BOT)} ${text}`,
        mentions: [BOT],
      });
    else this.wechat.say({ from: who, text });
    return 'acknowledged';
  }

  lines(who: string): Line[] {
    const mine = [...this.wechat.messages.values()].filter(({ from, to }) =>
      from === BOT ? to === who || to === ROOM : from === who,
    );
    return mine.map(({ from, type, text, at, room }) => ({
      mine: from !== BOT,
      type: room ? 'group' : type.toLowerCase(),
      text,
      at,
    }));
  }

  take(): void {
    // They live in the WeChat, not in the account.
  }
}
