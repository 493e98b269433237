import type { Clock } from '@yixian/contracts';
import type { WecomPeer } from '../../testing/tencent/wecom-peer.ts';
import type { Tree } from '../../testing/tencent/write-xml.ts';
import type { Account } from '../account.ts';
import { samplePicture, sampleVoice } from './samples.ts';
import type { Deed, Line, Seat } from './seat.ts';
import { lineOf } from './seat.ts';

/** Customers of WeCom customer service. */
export class WecomSeat implements Seat {
  readonly deeds = ['text', 'image', 'voice', 'location', 'link', 'enter'];
  private readonly said = new Map<string, Line[]>();
  private readonly heardAt = new WeakMap<object, number>();

  constructor(
    readonly account: Pick<Account, 'id' | 'name' | 'provider'>,
    readonly peer: WecomPeer,
    private readonly clock: Clock,
  ) {}

  async do(who: string, deed: Deed, origin: string): Promise<string> {
    this.peer.options.url = `${origin}/wechat/${this.account.id}`;
    const line: Line = { mine: true, type: deed.type, text: deed.text, at: this.clock.now() };
    this.said.set(who, [...(this.said.get(who) ?? []), line]);
    const pushed =
      deed.type === 'enter'
        ? await this.peer.enters(who, 'simulator', 'page')
        : await this.peer.says(who, deed.type, this.content(deed));
    line.answer = pushed.acknowledged ? 'acknowledged' : String(pushed.tries.at(-1)?.status);
    return line.answer;
  }

  lines(who: string): Line[] {
    const received = this.peer.customer(who).received.map((body) => {
      const at = this.heardAt.get(body) ?? this.clock.now();
      this.heardAt.set(body, at);
      return lineOf(body, at);
    });
    return [...(this.said.get(who) ?? []), ...received].sort((a, b) => a.at - b.at);
  }

  take(before: Seat): void {
    if (!(before instanceof WecomSeat)) return;
    for (const [who, lines] of before.said) this.said.set(who, lines);
    for (const [id, customer] of before.peer.customers) this.peer.customers.set(id, customer);
    this.peer.log.push(...before.peer.log);
  }

  private content({ type, text, menuId }: Deed): Tree {
    const file = (name: string, kind: string, content: Buffer) =>
      this.peer.files.add({ name, type: kind, content });
    switch (type) {
      case 'image':
        return { media_id: file('picture.png', 'image/png', samplePicture()) };
      case 'voice':
        return { media_id: file('voice.amr', 'audio/amr', sampleVoice()) };
      case 'location':
        return {
          latitude: 23.134521,
          longitude: 113.358803,
          name: text || '山岚茶舍',
          address: '广州市天河区',
        };
      case 'link':
        return {
          title: text || '新茶上市',
          desc: '今年的第一批',
          url: 'https://example.com/tea',
          pic_url: '',
        };
      default:
        return { content: text, ...(menuId && { menu_id: menuId }) };
    }
  }
}
