import type { ReactNode } from 'react';
import { useAllowed } from '../allowance-bar.tsx';
import { PlainWriter } from '../plain-writer.tsx';
import type { WriterProps } from '../writer.ts';
import { HandoverButton } from './handover-button.tsx';
import { MenuButton } from './menu-button.tsx';

/** Plain text and files; menus and the hand-over to WeCom beside them. Each file goes as what it is: image, voice, video, file. */
export function WechatWriter(props: WriterProps): ReactNode {
  const allowed = useAllowed(props);
  const tools = (
    <>
      <MenuButton writing={props.writing} disabled={!allowed} />
      <HandoverButton {...props} />
    </>
  );
  return <PlainWriter {...props} tools={tools} />;
}
