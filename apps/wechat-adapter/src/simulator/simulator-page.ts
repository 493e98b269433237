import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';
import { pageWords } from './page-words.ts';
import type { PageLocale } from './page-words.ts';

/** The whole page: one request, no file beside it. */
export function simulatorPage(locale: PageLocale, nonce: string): string {
  const words = pageWords[locale];
  const other = locale === 'en' ? 'zh-CN' : 'en';
  return `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${words.title}</title>
<link rel="icon" href="data:,">
<style nonce="${nonce}">${pageStyle}</style>
<header>
  <h1>${words.title}</h1>
  <p>${words.intro}</p>
  <a href="?lang=${other}" lang="${other}">${pageWords[other].language}</a>
</header>
<main>
  <section class="setup" aria-label="${words.setup}">
    <label>${words.account}<select id="account"></select></label>
    <label>${words.who}<input id="who" value="lin" maxlength="40" pattern="[\\w\\-]{1,40}" autocomplete="off"></label>
    <p class="hint">${words.whoHint}</p>
  </section>
  <section class="phone" aria-label="${words.phone}">
    <div class="name" id="name"></div>
    <ol id="lines" aria-live="polite"></ol>
    <div class="deeds" id="deeds"></div>
    <form id="form">
      <input id="text" aria-label="${words.write}" placeholder="${words.write}" maxlength="4000" autocomplete="off">
      <button>${words.send}</button>
    </form>
  </section>
</main>
<script nonce="${nonce}" type="module">const words = ${JSON.stringify(words).replaceAll('<', '\\u003c')};
${pageScript}</script>
</html>`;
}
