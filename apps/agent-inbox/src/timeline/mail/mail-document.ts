import { quoteStart } from './quote-start.ts';

/** What goes into the frame. */
export interface MailDocument {
  content: DocumentFragment;
  /** How many images stand elsewhere and were left out. */
  blocked: number;
  /** The `cid:` of the parts that are shown inside the text. */
  shown: ReadonlySet<string>;
}

export interface DocumentWish {
  html: string;
  /** The quotation, as plain text; it is folded where it is found. */
  quoted: string;
  /** What the folded quotation is called. */
  quoteLabel: string;
  /** Where a part of the mail with a `cid:` is, if the mail has it. */
  part: (contentId: string) => string | undefined;
  /** Where an image of others is fetched for the reader; absent: such images are left out. */
  remote: ((address: string) => string) | undefined;
}

/** The hub sanitises; this holds even if something slips through, as do the frame's sandbox and its policy. */
const NEVER =
  'script, style, link, meta, base, title, iframe, frame, object, embed, applet, form, input, button, select, textarea, svg, math, template, video, audio, source, dialog';
const KEPT_LINKS = /^(https?:|mailto:|tel:)/i;
/** Styles that fetch something, or put it over everything else. */
const LEAVES = /url\(|image-set\(|position\s*:|[\\@]/i;
const PICTURES = ['src', 'data-src'] as const;

interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createHTML(html: string): string },
  ): { createHTML(html: string): string };
}

/** The only HTML in the inbox that comes from strangers goes through here: into a document that is never shown. */
const policy = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('mail', {
  createHTML: (html) => html,
});

/**
 * The mail's HTML made ready for the frame: no script, links that open tabs, images only from our own doors. It is
 * parsed in the frame's realm, whose policy allows the styles in it.
 */
export function mailDocument(frame: Window & typeof globalThis, wish: DocumentWish): MailDocument {
  const html = policy?.createHTML(wish.html) ?? wish.html;
  const { body } = new frame.DOMParser().parseFromString(html as string, 'text/html');
  for (const element of body.querySelectorAll(NEVER)) element.remove();
  for (const element of body.querySelectorAll('*')) disarm(element);
  const pictures = placePictures(body, wish);
  foldQuote(body, wish);
  const content = body.ownerDocument.createDocumentFragment();
  content.append(...body.childNodes);
  return { content, ...pictures };
}

function disarm(element: Element): void {
  for (const name of element.getAttributeNames()) {
    if (/^on|^srcset$|^background$|^ping$|^formaction$|^srcdoc$/i.test(name)) element.removeAttribute(name);
  }
  if (LEAVES.test(element.getAttribute('style') ?? '')) element.removeAttribute('style');
  if (!element.hasAttribute('href')) return;
  if (!KEPT_LINKS.test(element.getAttribute('href')!.trim())) return element.removeAttribute('href');
  element.setAttribute('target', '_blank');
  element.setAttribute('rel', 'noopener noreferrer nofollow');
}

function placePictures(
  body: HTMLElement,
  { part, remote }: DocumentWish,
): Pick<MailDocument, 'blocked' | 'shown'> {
  const shown = new Set<string>();
  let blocked = 0;
  for (const image of body.querySelectorAll('img')) {
    const address = PICTURES.map((name) => image.getAttribute(name)?.trim()).find(Boolean) ?? '';
    for (const name of PICTURES) image.removeAttribute(name);
    const contentId = /^cid:(.+)$/i.exec(address)?.[1];
    const place = contentId ? part(decoded(contentId)) : placeOf(address, remote);
    if (place) image.setAttribute('src', place);
    else image.setAttribute('data-blocked', '');
    if (place && contentId) shown.add(decoded(contentId));
    if (!place && /^https?:/i.test(address)) blocked += 1;
  }
  return { blocked, shown };
}

function placeOf(address: string, remote: DocumentWish['remote']): string | undefined {
  if (/^data:image\/(png|jpe?g|gif|webp);/i.test(address)) return address;
  return /^https?:/i.test(address) ? remote?.(address) : undefined;
}

function decoded(contentId: string): string {
  try {
    return decodeURIComponent(contentId);
  } catch {
    return contentId;
  }
}

/** Puts the quotation, and all that follows it, behind "…". */
function foldQuote(body: HTMLElement, { quoted, quoteLabel }: DocumentWish): void {
  const { ownerDocument } = body;
  const walker = ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  const index = quoteStart(
    texts.map((text) => text.data),
    quoted,
  );
  const first = index === undefined ? undefined : texts[index];
  if (!first || texts.slice(0, index).every(({ data }) => data.trim() === '')) return;
  const range = ownerDocument.createRange();
  range.setStartBefore(outermostThatBeginsAt(first, body));
  range.setEndAfter(body.lastChild!);
  const fold = ownerDocument.createElement('details');
  const label = ownerDocument.createElement('summary');
  label.textContent = '…';
  label.title = quoteLabel;
  label.setAttribute('aria-label', quoteLabel);
  fold.append(label, range.extractContents());
  body.append(fold);
}

function outermostThatBeginsAt(text: Text, body: HTMLElement): Node {
  let node: Node = text;
  while (node.parentNode && node.parentNode !== body && isFirstOf(node)) node = node.parentNode;
  return node;
}

/** Whether nothing but space stands before the node in its parent. */
function isFirstOf(node: Node): boolean {
  for (let before = node.previousSibling; before; before = before.previousSibling) {
    if (before.textContent?.trim() || (before as Element).querySelector?.('img')) return false;
  }
  return true;
}
