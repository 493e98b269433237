import type { LoaderSite, VisitorLocale } from '@yixian/contracts/visitor-socket';
import css from './launcher.css?inline';
import { wordsOf } from './words.ts';

const SVG = 'http://www.w3.org/2000/svg';
const speech =
  'M12 3.5c-5 0-9 3.3-9 7.5 0 2.3 1.2 4.4 3.2 5.8l-.7 3.7 4-1.8c.8.2 1.6.3 2.5.3 5 0 9-3.4 9-7.7s-4-7.8-9-7.8Z';
const chevron = 'm5.5 9 6.5 6.5L18.5 9';

function element(tag: string, name: string, parent: Node, namespace = 'http://www.w3.org/1999/xhtml') {
  const made = document.createElementNS(namespace, tag);
  made.setAttribute('class', name);
  return parent.appendChild(made) as HTMLElement;
}

/** Made by DOM calls: pages that require trusted types refuse markup from strings. */
function icon(name: string, path: string, parent: Node): void {
  const svg = element('svg', name, parent, SVG);
  svg.setAttribute('viewBox', '0 0 24 24');
  element('path', '', svg, SVG).setAttribute('d', path);
}

/** A style sheet object passes every Content-Security-Policy; the element is for Safari before 16.4. */
function dress(shadow: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    shadow.adoptedStyleSheets = [sheet];
  } catch {
    element('style', '', shadow).textContent = css;
  }
}

/** The round button, its greeting and the place where the panel's frame goes: in a shadow root nobody else reaches. */
export function makeLauncher(site: LoaderSite) {
  const host = document.body.appendChild(document.createElement('yixian-chat'));
  const shadow = host.attachShadow({ mode: 'closed' });
  dress(shadow);
  const root = element('div', site.position, shadow);
  root.style.setProperty('--brand', site.color);
  root.style.setProperty('--ink', site.inkOnColor);
  const place = element('div', 'place', root);
  const button = element('button', 'launcher', root);
  const badge = element('b', '', button);
  let bubble: HTMLElement | undefined;
  icon('speech', speech, button);
  icon('chevron', chevron, button);

  function hush(): void {
    if (bubble) bubble.remove();
  }
  return {
    button,
    place,
    /** What it looks like and is called by those who cannot see it. */
    show(open: boolean, unread: number, locale: VisitorLocale): void {
      const words = wordsOf(locale);
      root.lang = locale;
      root.className = site.position + (open ? ' open' : '');
      badge.textContent = unread ? String(unread) : '';
      button.setAttribute('aria-expanded', String(open));
      button.setAttribute(
        'aria-label',
        (open ? words.close : words.open) + (unread ? words.unread(unread) : ''),
      );
      if (open) hush();
    },
    /** A word to somebody who has been looking around for a while. */
    greet(locale: VisitorLocale, onClick: () => void): void {
      bubble = element('div', 'bubble', root);
      const say = element('button', 'say', bubble);
      say.textContent = site.greeting!;
      say.onclick = onClick;
      const no = element('button', 'no', bubble);
      no.setAttribute('aria-label', wordsOf(locale).dismiss);
      no.textContent = '×';
      no.onclick = hush;
    },
  };
}
