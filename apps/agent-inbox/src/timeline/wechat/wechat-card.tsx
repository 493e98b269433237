import type { ReactNode } from 'react';
import { useDesk } from '../../desk/desk-context.tsx';
import { webLink } from './wechat-view.ts';

interface CardProps {
  /** What kind of thing it is. */
  kind: string;
  title: string;
  text?: string;
  /** Where it leads. */
  address?: string;
  /** What the link is called, when the title is not it. */
  action?: string;
  /** A picture that stands elsewhere. */
  picture?: string;
  children?: ReactNode;
}

/** Something that was sent as a card: a link, a place, a mini program. */
export function WechatCard({
  kind,
  title,
  text,
  address = '',
  action,
  picture = '',
  children,
}: CardProps): ReactNode {
  const { remoteImage } = useDesk();
  const href = webLink(address);
  const link = (label: string) =>
    href ? (
      <a href={href} target="_blank" rel="noopener noreferrer nofollow">
        {label}
      </a>
    ) : (
      label
    );
  return (
    <div className="wechat-card">
      <div className="wechat-card-text">
        <p className="wechat-card-title">{action ? title : link(title || address)}</p>
        {text && <p className="wechat-card-more">{text}</p>}
        {children}
        {action && href && <p className="wechat-card-more">{link(action)}</p>}
      </div>
      {webLink(picture) && <img src={remoteImage(picture)} alt="" loading="lazy" />}
      <p className="wechat-card-kind">{kind}</p>
    </div>
  );
}
