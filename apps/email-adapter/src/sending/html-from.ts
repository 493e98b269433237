const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

/** Plain text as HTML that looks the same: lines and spaces kept, addresses of pages made links. */
export function htmlFrom(text: string): string {
  const parts = text.split(/(https?:\/\/[^\s<>"'，。）】]+)/);
  const html = parts.map((part, at) =>
    at % 2 === 1 ? `<a href="${escapeHtml(part)}">${escapeHtml(part)}</a>` : escapeHtml(part),
  );
  return `<div style="white-space: pre-wrap">${html.join('').replace(/\r?\n/g, '<br>')}</div>`;
}
