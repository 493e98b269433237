import type { Clock } from '@yixian/contracts';
import type { OfficialAccountPeer } from '../../testing/tencent/official-account-peer.ts';
import type { Tree } from '../../testing/tencent/write-xml.ts';
import type { Account } from '../account.ts';
import { samplePicture, sampleVoice } from './samples.ts';
import type { Deed, Line, Seat } from './seat.ts';
import { lineOf } from './seat.ts';

const events: Record<string, Tree> = {
  subscribe: { Event: 'subscribe', EventKey: '' },
  unsubscribe: { Event: 'unsubscribe', EventKey: '' },
  menu: { Event: 'CLICK', EventKey: 'HELP' },
};

/** Of a code, or of the address of its picture, as the web chat shows it; without either, of a poster. */
const scan = (text: string): Tree => ({
  Event: 'SCAN',
  EventKey: text.trim().split('/').at(-1) || 'shop-window',
  Ticket: 'simulated',
});

/** Followers of an official account. */
export class OfficialAccountSeat implements Seat {
  readonly deeds = ['text', 'image', 'voice', 'location', 'link', 'subscribe', 'unsubscribe', 'scan', 'menu'];
  private readonly said = new Map<string, Line[]>();
  private readonly heardAt = new WeakMap<object, number>();

  constructor(
    readonly account: Pick<Account, 'id' | 'name' | 'provider'>,
    readonly peer: OfficialAccountPeer,
    private readonly clock: Clock,
  ) {}

  async do(who: string, deed: Deed, origin: string): Promise<string> {
    this.peer.options.url = `${origin}/wechat/${this.account.id}`;
    const event = deed.type === 'scan' ? scan(deed.text) : events[deed.type];
    const line: Line = { mine: true, type: deed.type, text: deed.text, at: this.clock.now() };
    this.said.set(who, [...(this.said.get(who) ?? []), line]);
    const pushed = event
      ? await this.peer.says(who, 'event', event)
      : await this.peer.says(who, deed.type, this.content(deed));
    line.answer = pushed.acknowledged ? 'acknowledged' : String(pushed.tries.at(-1)?.status);
    return line.answer;
  }

  lines(who: string): Line[] {
    const received = this.peer.follower(who).received.map((body) => {
      const at = this.heardAt.get(body) ?? this.clock.now();
      this.heardAt.set(body, at);
      return lineOf(body, at);
    });
    return [...(this.said.get(who) ?? []), ...received].sort((a, b) => a.at - b.at);
  }

  take(before: Seat): void {
    if (!(before instanceof OfficialAccountSeat)) return;
    for (const [who, lines] of before.said) this.said.set(who, lines);
    for (const [id, follower] of before.peer.followers) this.peer.followers.set(id, follower);
  }

  private content({ type, text, menuId }: Deed): Tree {
    switch (type) {
      case 'image':
        return {
          PicUrl: 'http://simulated/picture.png',
          MediaId: this.file('picture.png', 'image/png', samplePicture()),
        };
      case 'voice':
        return {
          MediaId: this.file('voice.amr', 'audio/amr', sampleVoice()),
          Format: 'amr',
          Recognition: text || '我想问一下',
        };
      case 'location':
        return { Location_X: 23.134521, Location_Y: 113.358803, Scale: 16, Label: text || '广州市天河区' };
      case 'link':
        return { Title: text || '新茶上市', Description: '今年的第一批', Url: 'https://example.com/tea' };
      default:
        return { Content: text, ...(menuId && { bizmsgmenuid: menuId }) };
    }
  }

  private file(name: string, type: string, content: Buffer): string {
    return this.peer.files.add({ name, type, content });
  }
}
