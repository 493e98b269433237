/** What an element says of the mail it stands in. `cite`: its content is quoted; else a mail begins here. */
export type HtmlQuoteMark = 'cite' | 'quote' | 'forward';

type Attributes = Record<string, string>;

/** Where each client says, by an id, that the mail being answered begins. Outlook on the web writes `x_` before ids. */
const quoteIds = new Set([
  'divrplyfwdmsg',
  'appendonsend',
  'stopspelling',
  'isreplycontent',
  'mail-editor-reference-message-container',
  'ms-outlook-mobile-body-separator-line',
  'olk_src_body_section',
  'replysplit',
  'reply_split',
  'isforwardcontent',
  'mailcontentreply',
  'ymail_android_quoted',
  'previousmessage',
  '__aliyun_previous_marker',
  'lotus-quoted',
  'zm_quoted',
  'tutanota_quote',
]);

const quoteClasses = new Set([
  'yahoo_quoted',
  'yahooquoted',
  'zmail_extra',
  'zmail_extra_hr',
  'includetail',
  'foxmail_quote',
  'ntes-mailmaster-quote',
  'ntes-mail-master-quote',
  'protonmail_quote',
  'tutanota_quote',
  'mailru-quoted',
  'js-helper-quote',
  'hmquote',
  'aolmail_replied_body',
  'wm_quote',
  'qqmail_reply',
  'lark-mail-quote',
  'history-quote-wrapper',
  'lark-mail-quote-wrapper',
  'fs-mail-quote',
  'outlook-mobile-reference-message',
]);

const citeClasses =
  /(^|\s)(x_)*(gmail_quote|moz-quote|iwc-quote|cite|yahoo_quote|protonmail_quote|quote|mori|tutanota_quote)(\s|$)/i;

export function quoteMarkOf(name: string, attributes: Attributes): HtmlQuoteMark | undefined {
  const id = (attributes['id'] ?? '').replace(/^(x_)+/, '').toLowerCase();
  const classes = (attributes['class'] ?? '')
    .slice(0, 500)
    .toLowerCase()
    .replaceAll(/(^|\s)(x_)+/g, '$1')
    .split(/\s+/);
  if (classes.includes('moz-forward-container') || id === 'isforwardcontent') return 'forward';
  if (name === 'blockquote') return isCite(attributes, classes, id) ? 'cite' : undefined;
  if (quoteIds.has(id)) return 'quote';
  if (
    classes.some(
      (each) => quoteClasses.has(each) || (each.startsWith('ydp') && each.endsWith('yahoo_quoted')),
    )
  )
    return 'quote';
  if ((name === 'div' || name === 'p' || name === 'td') && isOutlookRule(attributes['style'] ?? ''))
    return 'quote';
  return undefined;
}

function isCite(attributes: Attributes, classes: string[], id: string): boolean {
  if (attributes['type']?.toLowerCase() === 'cite' || attributes['cite'] !== undefined) return true;
  if (id === 'isreplycontent' || id === 'replybody') return true;
  if (classes.some((each) => citeClasses.test(each))) return true;
  const style = (attributes['style'] ?? '').slice(0, 2000);
  return /border-left\s*:[^;]{0,60}(solid|\d)/i.test(style) && !/border-left\s*:\s*(none|0)/i.test(style);
}

/**
 * The line Outlook draws above the header of the mail it answers: a block with a top border of one of its two blues
 * or greys and nothing else drawn.
 */
function isOutlookRule(style: string): boolean {
  const text = style.slice(0, 1000).replaceAll(/\s+/g, ' ').toLowerCase();
  return (
    /border: ?none; ?border-top: ?(solid|1px|1\.0pt) ?#?\w+ ?(1\.0pt|1pt|solid|#\w+)?/.test(text) &&
    /padding: ?3(\.0)?pt 0(cm|in|mm|pt)? 0(cm|in|mm|pt)? 0(cm|in|mm|pt)?/.test(text)
  );
}
