import { escapeHtml } from './html-from.ts';
import type { Previewed } from './outbox-preview.ts';

/** The list of what would have been sent, in both languages. */
export function outboxPage(mails: readonly Previewed[], key: string): string {
  const rows = mails.map(
    ({ at, from, to, subject, key: file }) =>
      `<tr><td>${escapeHtml(at.slice(0, 19).replace('T', ' '))}</td><td>${escapeHtml(from)}</td>` +
      `<td>${escapeHtml(to.join(', '))}</td>` +
      `<td><a href="/mail/outbox/${file}?key=${encodeURIComponent(key)}">${escapeHtml(subject || '—')}</a></td></tr>`,
  );
  return page(
    '发件预览 Outbox preview',
    `<h1>发件预览 <small>Outbox preview</small></h1>
<p>这些邮件没有真正发出：邮箱账号未设置 SMTP 服务器。<br>These mails were not sent: their mailboxes have no SMTP server.</p>
<table><thead><tr><th>时间 UTC</th><th>发件人 From</th><th>收件人 To</th><th>主题 Subject</th></tr></thead>
<tbody>${rows.join('\n') || '<tr><td colspan="4">暂无邮件 Nothing yet</td></tr>'}</tbody></table>`,
  );
}

/** A page of the outbox. `title` is text, `body` HTML. */
export const page = (title: string, body: string): string =>
  `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style>
${body}</html>`;

const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:2rem auto;max-width:64rem;padding:0 1rem}small{font-weight:normal;opacity:.7}h1{overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #8884;vertical-align:top}
.facts th{width:10rem;font-weight:normal;opacity:.7}td{overflow-wrap:anywhere}a{color:LinkText}
iframe,pre{width:100%;margin:1rem 0;box-sizing:border-box;border:1px solid #8884;border-radius:6px}
iframe{height:60vh;background:#fff}pre{padding:1rem;font:inherit;white-space:pre-wrap;overflow-wrap:anywhere}`;
