import type { ReactNode } from 'react';
import { useDesk } from '../../desk/desk-context.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useLanguage, useWords } from '../../words/words.tsx';
import { Attachments } from '../attachments.tsx';
import type { BodyProps } from '../body-props.ts';
import { MessageText } from '../message-text.tsx';
import { withFaces } from './emoji-codes.ts';
import { Recording } from './recording.tsx';
import { WechatCard } from './wechat-card.tsx';
import { wechatEventWords } from './wechat-event.ts';
import { handoverWords } from './wechat-preview.ts';
import { MergedChat, OtherMessage, SentMenu, SentNotice } from './wechat-parts.tsx';
import { textOf, type WechatView, wechatViewOf } from './wechat-view.ts';

/** A message of WeChat by its type, with the group it was said in and what it answers. */
export function WechatBody({ entry }: BodyProps): ReactNode {
  const view = wechatViewOf(entry);
  if (!view) return null;
  return (
    <div className="wechat">
      <Group view={view} />
      <Quote view={view} />
      <Content entry={entry} view={view} />
      <Missing view={view} />
    </div>
  );
}

/** What happened rather than what was said: followed, scanned, taken back. */
export function WechatLine({ entry }: BodyProps): ReactNode {
  const words = useWords();
  const view = wechatViewOf(entry);
  if (!view) return null;
  return view.type === 'recalled' ? words.wechat.recalled : wechatEventWords(view, words);
}

interface ContentProps extends Pick<BodyProps, 'entry'> {
  view: WechatView;
}

function Content({ entry, view }: ContentProps): ReactNode {
  const { words } = useLanguage();
  const { text, attachments } = entry;
  const name = view.text('title') || text;
  switch (view.type) {
    case 'voice':
      return <Recording view={view} file={attachments[0]} />;
    case 'video':
    case 'shortvideo':
      return <Film entry={entry} />;
    case 'location':
      return <Place view={view} />;
    case 'link':
    case 'news':
      return (
        <WechatCard
          kind={words.wechat[view.type]}
          title={name}
          text={view.text('description')}
          address={view.text('url')}
          picture={view.text('thumbnailUrl') || view.text('imageUrl')}
        />
      );
    case 'miniprogram':
      return (
        <WechatCard
          kind={words.wechat.miniprogram}
          title={name}
          text={view.text('appName')}
          picture={view.text('thumbnailUrl')}
        >
          <Attachments attachments={attachments} />
        </WechatCard>
      );
    case 'card':
      return (
        <WechatCard kind={words.wechat.card} title={view.text('name') || text} text={view.text('userId')} />
      );
    case 'product':
    case 'order':
    case 'channels':
      return (
        <WechatCard
          kind={words.wechat[view.type]}
          title={name || view.text('nickname')}
          text={[view.text('price'), view.text('orderId') && words.wechat.orderNumber(view.text('orderId'))]
            .filter(Boolean)
            .join(' · ')}
          picture={view.text('imageUrl')}
        />
      );
    case 'merged':
      return <MergedChat view={view} />;
    case 'menu':
      return <SentMenu view={view} />;
    case 'template':
    case 'notice':
      return <SentNotice view={view} text={text} />;
    case 'handover':
      return <p>{handoverWords(view, words)}</p>;
    case 'unknown':
      return <OtherMessage view={view} />;
    default:
      return <Plain entry={entry} view={view} />;
  }
}

function Plain({ entry, view }: ContentProps): ReactNode {
  const words = useWords();
  return (
    <>
      {view.text('menuId') && (
        <p className="wechat-chip">
          <Icon name="check" size={13} />
          {words.wechat.menuAnswer}
        </p>
      )}
      {entry.text && <MessageText text={withFaces(entry.text)} />}
      <Attachments attachments={entry.attachments} />
    </>
  );
}

function Film({ entry }: Pick<BodyProps, 'entry'>): ReactNode {
  const { media } = useDesk();
  const [film, ...others] = entry.attachments;
  if (!film || !/^video\/(mp4|webm|ogg|quicktime)$/.test(film.type)) {
    return <Attachments attachments={entry.attachments} />;
  }
  return (
    <>
      <video className="film" controls preload="metadata" src={media(film.key)} aria-label={film.name} />
      <Attachments attachments={others} />
    </>
  );
}

/** Coordinates are GCJ-02, which maps in China understand. */
function Place({ view }: { view: WechatView }): ReactNode {
  const words = useWords();
  const [latitude, longitude] = [view.number('latitude'), view.number('longitude')];
  const name = view.text('name') || view.text('label') || words.wechat.location;
  const known = latitude !== undefined && longitude !== undefined;
  return (
    <WechatCard
      kind={words.wechat.location}
      title={name}
      text={view.text('label') === name ? '' : view.text('label')}
      address={
        known
          ? `https://uri.amap.com/marker?position=${longitude},${latitude}&name=${encodeURIComponent(name)}`
          : ''
      }
      action={words.wechat.openMap}
    />
  );
}

function Group({ view }: { view: WechatView }): ReactNode {
  const words = useWords();
  const group = view.object('group');
  if (!group) return null;
  const speaker = textOf(view.object('speaker')?.['name']);
  return (
    <p className="wechat-chip">
      <Icon name="users" size={13} />
      {words.wechat.group(textOf(group['name']) || textOf(group['id']))}
      {speaker && <strong>{speaker}</strong>}
      {view.raw['mentioned'] === true && <span className="mentioned">{words.wechat.mentioned}</span>}
    </p>
  );
}

function Quote({ view }: { view: WechatView }): ReactNode {
  const quote = view.object('quote');
  const text = textOf(quote?.['text']) || textOf(quote?.['type']);
  if (!quote || !text) return null;
  const from = textOf(quote['from']);
  return (
    <blockquote className="wechat-quote">
      {from && <span className="faint">{from}: </span>}
      {withFaces(text)}
    </blockquote>
  );
}

function Missing({ view }: { view: WechatView }): ReactNode {
  const words = useWords();
  const why = view.text('missing');
  if (!why) return null;
  const known = words.wechat.missing;
  return (
    <p className="wechat-missing">
      <Icon name="alert" size={14} />
      {view.text('title') && `${view.text('title')} · `}
      {Object.hasOwn(known, why) ? known[why as keyof typeof known] : known.unavailable}
    </p>
  );
}
