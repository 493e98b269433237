import type { ParsedMail } from '../parsing/parsed-mail.ts';
import { escapeHtml } from './html-from.ts';
import { page } from './outbox-page.ts';

const labels: [name: string, label: string][] = [
  ['from', '发件人 From'],
  ['to', '收件人 To'],
  ['cc', '抄送 Cc'],
  ['reply-to', '回复至 Reply-To'],
  ['subject', '主题 Subject'],
  ['date', '日期 Date'],
];

/** One mail as its recipient would see it, in both languages. `links`: to the list, and to the mail's source. */
export function outboxMailPage(
  { payload, headers, attachments }: ParsedMail,
  links: { list: string; source: string },
): string {
  const facts = labels.flatMap(([name, label]) => {
    const value = headers.find((header) => header.name === name)?.value;
    return value ? [`<tr><th>${label}</th><td>${escapeHtml(value)}</td></tr>`] : [];
  });
  const files = attachments.map(({ name, size }) => `<li>${escapeHtml(name)} <small>${size} B</small></li>`);
  return page(
    payload.subject || '—',
    `<p><a href="${escapeHtml(links.list)}">← 发件预览 Outbox preview</a></p>
<h1>${escapeHtml(payload.subject || '—')}</h1>
<p>这封邮件没有真正发出。 This mail was not sent.</p>
<table class="facts"><tbody>${facts.join('\n')}</tbody></table>
${payload.html === null ? `<pre>${escapeHtml(payload.text)}</pre>` : framed(payload.html, attachments)}
${files.length > 0 ? `<ul>${files.join('')}</ul>` : ''}
<p><a href="${escapeHtml(links.source)}">源码 Source</a></p>`,
  );
}

const raster = /^image\/(?:png|jpeg|gif|webp)$/;

/** White, as mail is in most readers. Pictures in the mail are shown; the frame can do nothing and load nothing. */
function framed(html: string, attachments: ParsedMail['attachments']): string {
  const shown = html.replaceAll(/\bsrc="cid:([^"]{1,300})"/g, (whole, id: string) => {
    const picture = attachments.find(({ contentId }) => contentId === id);
    return picture && raster.test(picture.type)
      ? `src="data:${picture.type};base64,${picture.content.toString('base64')}"`
      : whole;
  });
  const inside = `<!doctype html><meta charset="utf-8"><style>body{font:15px/1.5 system-ui,sans-serif;color:#111;background:#fff;margin:12px;overflow-wrap:anywhere}img{max-width:100%}</style>${shown}`;
  return `<iframe sandbox title="HTML" srcdoc="${escapeHtml(inside)}"></iframe>`;
}
