import type { ReactNode } from 'react';
import { useAllowed } from '../allowance-bar.tsx';
import { PlainWriter } from '../plain-writer.tsx';
import type { WriterProps } from '../writer.ts';
import { MenuButton } from './menu-button.tsx';

/** Plain text and files, and menus beside them. Each file goes as what it is: image, voice, video, file. */
export function WechatWriter(props: WriterProps): ReactNode {
  const allowed = useAllowed(props);
  return <PlainWriter {...props} tools={<MenuButton writing={props.writing} disabled={!allowed} />} />;
}
