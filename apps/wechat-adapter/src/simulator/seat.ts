import type { Peer } from '../../testing/tencent/fake-tencent.ts';
import type { Account } from '../account.ts';

/** What a customer does on the page. */
export interface Deed {
  /**
   * `text`, `image`, `voice`, `location`, `link`, `subscribe`, `unsubscribe`, `scan`, `menu`, `enter`, `group`,
   * `logout`, `login`.
   */
  type: string;
  text: string;
  /** The choice of a menu that is tapped. */
  menuId?: string | undefined;
}

/** A line of the page: what was said, by whom, in order. */
export interface Line {
  mine: boolean;
  type: string;
  text: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Choices of a menu. */
  items?: { id: string; text: string }[];
  /** What became of it: `acknowledged`, or what the adapter answered. */
  answer?: string;
}

/** An account, from the side of its customers. */
export interface Seat {
  readonly account: Pick<Account, 'id' | 'name' | 'provider'>;
  readonly peer?: Peer;
  /** What can be done here. */
  readonly deeds: string[];
  /** `origin`: where the adapter listens. Gives how it was taken. */
  do(who: string, deed: Deed, origin: string): Promise<string>;
  lines(who: string): Line[];
  /** The account was changed: its customers go on. */
  take(before: Seat): void;
}

/** What an answer of ours looks like to the customer. */
export function lineOf(body: Record<string, unknown>, at: number): Line {
  const type = String(body.msgtype ?? 'template');
  const content = (body[type] ?? body.data ?? {}) as Record<string, unknown>;
  const text = (name: string) => (typeof content[name] === 'string' ? content[name] : '');
  switch (type) {
    case 'text':
      return { mine: false, type, text: text('content'), at };
    case 'msgmenu':
      return { mine: false, type: 'menu', text: text('head_content'), at, items: itemsOf(content.list) };
    case 'news': {
      const [article] = (content.articles ?? []) as { title?: string; url?: string }[];
      return { mine: false, type: 'link', text: `${article?.title ?? ''} ${article?.url ?? ''}`, at };
    }
    case 'template':
      return { mine: false, type, text: JSON.stringify(content), at };
    default:
      return { mine: false, type, text: text('title') || text('name'), at };
  }
}

function itemsOf(list: unknown): { id: string; text: string }[] {
  const items = (Array.isArray(list) ? list : []) as {
    id?: string;
    content?: string;
    click?: { id: string; content: string };
  }[];
  return items.map(({ id = '', content = '', click }) => ({
    id: click?.id ?? id,
    text: click?.content ?? content,
  }));
}
