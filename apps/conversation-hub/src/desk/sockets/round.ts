import type { ContactId, DeskEvent } from '@yixian/contracts';
import type { Addressed } from './addressed.ts';
import { encodeFrame } from './frame.ts';
import type { Frame } from './frame.ts';

/** One round of events to all browsers: each event becomes JSON once, each audience gets one frame, made once. */
export class Round {
  private readonly contacts: Set<ContactId>;
  private readonly frames = new Map<string, Frame | undefined>();
  private readonly texts = new Map<DeskEvent, string>();

  constructor(
    private readonly namespace: string,
    private readonly items: readonly Addressed[],
  ) {
    this.contacts = new Set(items.flatMap(({ about }) => about ?? []));
  }

  /** What a browser gets that watches these contacts; `undefined`: nothing. */
  frameFor(watching: ReadonlySet<ContactId>): Frame | undefined {
    if (watching.size === 0) return this.frameOf('', watching);
    const watched = [...watching].filter((id) => this.contacts.has(id)).sort();
    return this.frameOf(watched.join(), new Set(watched));
  }

  private frameOf(audience: string, watched: ReadonlySet<ContactId>): Frame | undefined {
    if (!this.frames.has(audience)) this.frames.set(audience, this.encode(watched));
    return this.frames.get(audience);
  }

  private encode(watched: ReadonlySet<ContactId>): Frame | undefined {
    const events = this.eventsFor(watched).map((event) => this.textOf(event));
    return events.length === 0 ? undefined : encodeFrame(this.namespace, 'events', `[${events.join()}]`);
  }

  /** Of a conversation that is only a line in a list, the newest row is enough. */
  private eventsFor(watched: ReadonlySet<ContactId>): DeskEvent[] {
    const newest = new Set<string>();
    const events: DeskEvent[] = [];
    for (const { about, watchers, others } of this.items.toReversed()) {
      const isWatched = about !== null && watched.has(about);
      const event = isWatched ? watchers : others;
      if (!event) continue;
      if (!isWatched && event.type === 'conversation') {
        if (newest.has(event.conversation.id)) continue;
        newest.add(event.conversation.id);
      }
      events.push(event);
    }
    return events.reverse();
  }

  private textOf(event: DeskEvent): string {
    const known = this.texts.get(event);
    if (known !== undefined) return known;
    const text = JSON.stringify(event);
    this.texts.set(event, text);
    return text;
  }
}
