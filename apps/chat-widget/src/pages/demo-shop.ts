import type { VisitorLocale } from '@yixian/contracts';
import { shopWords } from './demo-words.ts';
import type { Tea } from './demo-words.ts';
import { escaped } from './site-pages.ts';

/** A shop's page as customers know them, with the chat of the site `demo`. */
export function demoShop(locale: VisitorLocale, site: string): string {
  const words = shopWords(locale);
  return `<!doctype html>
<html lang="${locale}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
    <title>${escaped(words.title)} · ${escaped(words.motto)}</title>
    <link rel="stylesheet" href="/demo/shop.css">
    <script async src="/w/${encodeURIComponent(site)}.js"></script>
  </head>
  <body>
    <header>
      <a class="brand" href="?lang=${locale}">${leaf}<b>${escaped(words.title)}</b></a>
      <nav aria-label="${escaped(words.title)}">${words.nav.map((name) => `<a href="#teas">${escaped(name)}</a>`).join('')}</nav>
      <a class="language" href="?lang=${words.other.locale}" lang="${words.other.locale}">${words.other.name}</a>
    </header>
    <main>
      <section class="hero">
        <div>
          <p>${escaped(words.motto)}</p>
          <h1>${escaped(words.hero)}</h1>
          <p>${escaped(words.heroText)}</p>
          <a class="button" href="#teas">${escaped(words.heroButton)}</a>
        </div>
        ${mountains}
      </section>
      <ul class="promises">${words.promises
        .map(([name, text]) => `<li><b>${escaped(name)}</b><span>${escaped(text)}</span></li>`)
        .join('')}</ul>
      <h2 id="teas">${escaped(words.section)}</h2>
      <ul class="teas">${words.teas.map((tea) => card(tea, words.add)).join('')}</ul>
    </main>
    <footer>${escaped(words.note)}</footer>
  </body>
</html>
`;
}

const card = (tea: Tea, add: string): string => `<li>
        ${cup(tea.colours)}
        <p class="origin">${escaped(tea.origin)}</p>
        <h3>${escaped(tea.name)}</h3>
        <p>${escaped(tea.text)}</p>
        <div><b>${escaped(tea.price)}</b><button type="button" aria-label="${escaped(`${add}: ${tea.name}`)}">${escaped(add)}</button></div>
      </li>`;

const leaf =
  '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 20C4 9 11 4 20 4c0 10-5 16-14 14M4 20c3-5 6-8 11-11" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>';

/** A cup seen from above, in a tea's colours. */
const cup = ([dry, brew]: Tea['colours']): string =>
  `<svg class="cup" viewBox="0 0 240 150" aria-hidden="true"><rect width="240" height="150" fill="${dry}" opacity=".12"/><circle cx="120" cy="78" r="56" fill="#fff"/><circle cx="120" cy="78" r="56" fill="none" stroke="${dry}" stroke-opacity=".18" stroke-width="2"/><circle cx="120" cy="78" r="46" fill="${brew}"/><path d="M88 70a46 46 0 0 1 40-36" fill="none" stroke="#fff" stroke-opacity=".5" stroke-width="4" stroke-linecap="round"/><g fill="${dry}"><ellipse cx="112" cy="84" rx="13" ry="3.5" transform="rotate(-24 112 84)"/><ellipse cx="134" cy="94" rx="11" ry="3" transform="rotate(18 134 94)"/><ellipse cx="129" cy="68" rx="9" ry="2.6" transform="rotate(48 129 68)"/><ellipse cx="40" cy="118" rx="14" ry="3.4" transform="rotate(-20 40 118)"/><ellipse cx="58" cy="130" rx="12" ry="3" transform="rotate(12 58 130)"/><ellipse cx="206" cy="32" rx="12" ry="3" transform="rotate(30 206 32)"/></g></svg>`;

const mountains =
  '<svg class="mountains" viewBox="0 0 520 340" preserveAspectRatio="xMidYMax slice" aria-hidden="true"><circle cx="388" cy="92" r="44" fill="#e8b45a"/><path d="M0 240 90 150l60 54 96-120 92 104 66-58 116 120v140H0Z" fill="#9fb7a4"/><path d="M0 290 110 200l70 62 84-74 96 84 70-48 90 76v80H0Z" fill="#6f9179"/><path d="M0 320c60-34 120-34 180-8s120 20 180-8 110-20 160 6v60H0Z" fill="#3f6450"/><g stroke="#f6f3ea" stroke-width="3" stroke-linecap="round" opacity=".55"><path d="M40 212h120M196 176h150M360 224h104M84 262h172"/></g></svg>';
