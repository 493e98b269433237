import sanitize from 'sanitize-html';
import { MAX_HTML } from './html-lines.ts';

const NESTING = 200;

const tags =
  'a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr'.split(
    ' ',
  );

/** Properties that can neither load anything nor leave the place of the mail. */
const properties = new Set(
  'color background-color background font font-family font-size font-style font-weight font-variant text-align text-decoration text-indent text-transform line-height letter-spacing word-spacing vertical-align white-space direction margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left border border-top border-right border-bottom border-left border-color border-style border-width border-top-color border-right-color border-bottom-color border-left-color border-top-width border-right-width border-bottom-width border-left-width border-top-style border-right-style border-bottom-style border-left-style border-collapse border-spacing border-radius width max-width min-width height max-height min-height list-style-type table-layout display float clear word-break overflow-wrap word-wrap'.split(
    ' ',
  ),
);
const plainValue = /^(?:[\w\s#.,%'"!+-]|(?:rgb|hsl)a?\([\d\s.,%/deg]{1,60}\)){1,200}$/i;

/**
 * The body as HTML that does nothing: no script, no style sheet, no form, nothing loaded. Images within the mail keep
 * their `cid:`; a remote image loses its `src` and keeps the address as `data-src`, to be loaded through a
 * proxy when the reader asks. Links open elsewhere and tell nobody where from.
 */
export function sanitizeMailHtml(html: string): string {
  return sanitize(html.slice(0, MAX_HTML), {
    allowedTags: tags,
    nestingLimit: NESTING,
    allowedAttributes: {
      '*': ['style', 'dir', 'lang', 'align', 'valign', 'title'],
      a: ['href', 'rel', 'target'],
      img: ['src', 'data-src', 'alt', 'width', 'height', 'border'],
      table: ['width', 'height', 'border', 'cellpadding', 'cellspacing', 'bgcolor'],
      td: ['width', 'height', 'colspan', 'rowspan', 'bgcolor', 'nowrap'],
      th: ['width', 'height', 'colspan', 'rowspan', 'bgcolor', 'nowrap'],
      tr: ['height', 'bgcolor'],
      col: ['width', 'span'],
      font: ['color', 'face', 'size'],
      ol: ['type', 'start'],
      ul: ['type'],
      blockquote: ['type'],
    },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['cid', 'data'] },
    allowProtocolRelative: false,
    // Styles are filtered by `safeAttributes`, which also runs on every element.
    parseStyleAttributes: false,
    nonTextTags: [
      'script',
      'style',
      'textarea',
      'option',
      'noscript',
      'title',
      'xml',
      'head',
      'svg',
      'math',
      'object',
      'applet',
      'iframe',
      'select',
    ],
    transformTags: { '*': safeAttributes },
  });
}

function safeAttributes(tagName: string, attributes: sanitize.Attributes): sanitize.Tag {
  const attribs = { ...attributes };
  delete attribs['data-src'];
  const style = attribs['style'] && safeStyle(attribs['style']);
  if (style) attribs['style'] = style;
  else delete attribs['style'];
  if (tagName === 'a') Object.assign(attribs, { rel: 'noopener noreferrer nofollow', target: '_blank' });
  if (tagName === 'img') blockRemote(attribs);
  return { tagName, attribs };
}

function safeStyle(style: string): string {
  const kept: string[] = [];
  for (const declaration of style.slice(0, 4000).split(';')) {
    const colon = declaration.indexOf(':');
    const property = declaration.slice(0, colon).trim().toLowerCase();
    const value = declaration.slice(colon + 1).trim();
    if (colon > 0 && properties.has(property) && plainValue.test(value)) kept.push(`${property}:${value}`);
  }
  return kept.join(';');
}

const rasterData = /^data:image\/(?:png|jpe?g|gif|webp|bmp);base64,[A-Za-z0-9+/=\s]*$/i;

function blockRemote(attribs: sanitize.Attributes): void {
  const source = (attribs['src'] ?? '').replaceAll(/[\0-\x20]+/g, '');
  delete attribs['src'];
  delete attribs['srcset'];
  if (/^cid:/i.test(source)) attribs['src'] = `cid:${source.slice(4)}`;
  else if (rasterData.test(source)) attribs['src'] = source;
  else if (/^https?:\/\/[^\s]/i.test(source)) attribs['data-src'] = source.slice(0, 2000);
  else if (/^\/\/[^\s/]/.test(source)) attribs['data-src'] = `https:${source.slice(0, 2000)}`;
}
