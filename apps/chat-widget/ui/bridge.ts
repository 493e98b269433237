import type { VisitorLocale, VisitorPage } from '@yixian/contracts/visitor-socket';

/**
 * What the loader (on the shop's page) and the panel (in its frame, on our origin) tell each other. The loader posts
 * {@link Boot} once to the panel's window together with a port; all else goes over that port.
 */
export interface Boot {
  yixian: 1;
  /** All that the panel asked the shop's page to keep, by key. A frame's own storage is blocked in some browsers. */
  kept: Record<string, string>;
  identity?: string | undefined;
  locale: VisitorLocale;
  page: VisitorPage;
  open: boolean;
}

export type ToPanel =
  | { t: 'open'; open: boolean }
  /** Another tab of the shop kept (or, with null, dropped) something. */
  | { t: 'kept'; key: string; value: string | null }
  | { t: 'identity'; identity: string | null }
  | { t: 'page'; page: VisitorPage }
  | { t: 'locale'; locale: VisitorLocale }
  | { t: 'logout' };

export type ToLoader =
  | { t: 'keep'; key: string; value: string | null }
  /** Drop all that was kept. */
  | { t: 'forget' }
  | { t: 'close' }
  | { t: 'unread'; count: number }
  /** The identity's time is over: a fresh one is wanted. */
  | { t: 'expired' }
  /** For those who listen by `Yixian('on', name, …)`. */
  | { t: 'said'; name: 'message' | 'conversation' | 'refused'; detail: unknown };
