import type { LoaderSite, VisitorLocale } from '@yixian/contracts/visitor-socket';
import type { Boot, ToLoader, ToPanel } from '../bridge.ts';
import { keptUnder } from './kept.ts';
import { makeLauncher } from './launcher.ts';
import { flashTitle, pageTitle } from './title-flash.ts';
import { wordsOf } from './words.ts';

/** What the server puts around this script: the site it was asked for. */
declare const __YIXIAN_SITE__: LoaderSite;

type Call = [string, ...unknown[]];
type Api = { (...call: Call): void; q?: ArrayLike<unknown>[] };
const page = window as unknown as { Yixian?: Api };

const site = __YIXIAN_SITE__;
const gateway = new URL((document.currentScript as HTMLScriptElement).src).origin;
const kept = keptUnder(`yixian:${site.site}:`);
const launcher = makeLauncher(site);
const listeners: [string, (detail: unknown) => void][] = [];
let locale = pageLocale();
let identity: string | undefined;
let renew: (() => Promise<string>) | undefined;
let frame: HTMLIFrameElement | undefined;
let port: MessagePort | undefined;
let open = false;
let unread = 0;
let href = '';

function pageLocale(): VisitorLocale {
  if (site.locale !== 'auto') return site.locale;
  return /^zh/i.test(document.documentElement.lang || navigator.language) ? 'zh-CN' : 'en';
}

const here = () => ({ url: location.href.slice(0, 2000), title: pageTitle().slice(0, 300) });
const toPanel = (message: ToPanel) => port && port.postMessage(message);
const draw = () => launcher.show(open, unread, locale);

/** The panel's page, loaded but not shown. */
function mount(): void {
  if (frame) return;
  frame = document.createElement('iframe');
  frame.title = site.title;
  frame.onload = greetPanel;
  frame.src = `${gateway}/w/panel?site=${site.site}&l=${locale}&o=${encodeURIComponent(location.origin)}`;
  launcher.place.appendChild(frame);
  setInterval(followPage, 1000);
}

function greetPanel(): void {
  const channel = new MessageChannel();
  port = channel.port1;
  port.onmessage = ({ data }) => fromPanel(data);
  const boot: Boot = { yixian: 1, kept: kept.all(), identity, locale, page: here(), open };
  frame!.contentWindow!.postMessage(boot, gateway, [channel.port2]);
  href = location.href;
}

/** Shops made of one page change their address without loading anything. */
function followPage(): void {
  if (href === location.href) return;
  href = location.href;
  toPanel({ t: 'page', page: here() });
}

function fromPanel(message: ToLoader): void {
  if (message.t === 'keep') kept.put(message.key, message.value);
  if (message.t === 'forget') kept.forget();
  if (message.t === 'close') show(false);
  if (message.t === 'unread') count(message.count);
  if (message.t === 'expired' && renew) void renew().then(identify);
  if (message.t === 'said') {
    for (const [name, listener] of listeners) if (name === message.name) listener(message.detail);
  }
}

function count(next: number): void {
  unread = next;
  flashTitle(unread ? wordsOf(locale).unread(unread).trim() : '');
  draw();
}

function show(next: boolean): void {
  if (next) mount();
  if (open === next) return;
  open = next;
  draw();
  toPanel({ t: 'open', open });
  if (open) frame!.focus();
  else launcher.button.focus();
}

function identify(jwt?: string): void {
  identity = jwt;
  toPanel({ t: 'identity', identity: jwt ?? null });
}

const commands: Record<string, (...given: never[]) => void> = {
  open: () => show(true),
  close: () => show(false),
  toggle: () => show(!open),
  identify,
  onTokenExpired: (fresh: () => Promise<string>) => (renew = fresh),
  on: (name: string, listener: (detail: unknown) => void) => listeners.push([name, listener]),
  setLocale(next: VisitorLocale) {
    locale = next;
    toPanel({ t: 'locale', locale });
    draw();
  },
  logout() {
    identity = undefined;
    toPanel({ t: 'logout' });
    kept.forget();
    count(0);
  },
};

const early = page.Yixian;
page.Yixian = (name, ...given) => commands[name]!(...(given as never[]));
if (early && early.q) for (const call of early.q) page.Yixian(...(Array.from(call) as Call));

draw();
launcher.button.onclick = () => show(!open);
launcher.button.onpointerenter = launcher.button.onfocus = mount;
kept.onElsewhere((key, value) => toPanel({ t: 'kept', key, value }));

if (kept.all().live) (window.requestIdleCallback ?? setTimeout)(mount);

/** Once for each tab: its own storage remembers. */
function greet(): void {
  if (frame || document.hidden || sessionStorage.yixian) return;
  sessionStorage.yixian = 1;
  launcher.greet(locale, () => show(true));
}
if (site.greetAfter && !matchMedia('(prefers-reduced-data: reduce)').matches) {
  setTimeout(greet, site.greetAfter * 1000);
}
