import { type ReactNode, useState } from 'react';
import { useLanguage, useWords } from '../../words/words.tsx';
import { withFaces } from './emoji-codes.ts';
import { WechatCard } from './wechat-card.tsx';
import { textOf, type WechatView } from './wechat-view.ts';

/** So many lines of a forwarded chat are shown at first. */
const FEW = 4;

/** A chat that was forwarded as one message. */
export function MergedChat({ view }: { view: WechatView }): ReactNode {
  const { words, formats } = useLanguage();
  const [whole, setWhole] = useState(false);
  const items = view.list('items');
  return (
    <WechatCard kind={words.wechat.merged} title={view.text('title') || words.wechat.merged}>
      <ul className="merged">
        {(whole ? items : items.slice(0, FEW)).map((item, index) => (
          <li key={index}>
            <span className="faint">{textOf(item['name'])}:</span>{' '}
            {withFaces(textOf(item['text']) || `[${textOf(item['type'])}]`)}
          </li>
        ))}
      </ul>
      {!whole && items.length > FEW && (
        <button type="button" className="link-button" onClick={() => setWhole(true)}>
          {words.wechat.mergedAll(formats.number(items.length))}
        </button>
      )}
    </WechatCard>
  );
}

/** A menu that we sent: the customer taps one of its lines. */
export function SentMenu({ view }: { view: WechatView }): ReactNode {
  const words = useWords();
  return (
    <WechatCard kind={words.wechat.menu} title={view.text('head')} text={view.text('tail')}>
      <ul className="sent-menu">
        {view.list('items').map((item) => (
          <li key={textOf(item['id'])}>{textOf(item['text'])}</li>
        ))}
      </ul>
    </WechatCard>
  );
}

/** A template or subscription notice that we sent: its names and values. */
export function SentNotice({ view, text }: { view: WechatView; text: string }): ReactNode {
  const words = useWords();
  const kind = view.type === 'notice' ? words.wechat.notice : words.wechat.template;
  const data = Object.entries(view.object('data') ?? {});
  return (
    <WechatCard
      kind={kind}
      title={data.length > 0 ? view.text('templateId') : text}
      address={view.text('url')}
    >
      <dl className="facts">
        {data.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{textOf(value)}</dd>
          </div>
        ))}
      </dl>
    </WechatCard>
  );
}

/** What nobody has taught us yet: shown as it came, so that nothing is lost. */
export function OtherMessage({ view }: { view: WechatView }): ReactNode {
  const words = useWords();
  return (
    <details className="other-message">
      <summary>{words.wechat.unknown(view.text('native'))}</summary>
      <pre>{JSON.stringify(view.raw['raw'] ?? view.raw, null, 2)}</pre>
    </details>
  );
}
