import type { Attachment } from '@yixian/contracts';
import type { ReactNode } from 'react';
import { useDesk } from '../../desk/desk-context.tsx';
import { useLanguage } from '../../words/words.tsx';
import { Attachments } from '../attachments.tsx';
import type { WechatView } from './wechat-view.ts';

/** What browsers play. AMR and SILK they do not: such recordings are kept as they came, to be downloaded. */
const PLAYED = /^audio\/(mpeg|mp4|aac|ogg|opus|wav|x-wav|vnd\.wave|flac|x-flac|webm|x-m4a)$/;

/** A voice: how long, a player or the file, and what was recognised. */
export function Recording({ view, file }: { view: WechatView; file: Attachment | undefined }): ReactNode {
  const { words, formats } = useLanguage();
  const { media } = useDesk();
  const seconds = view.number('seconds');
  const recognised = view.text('recognition');
  const played = file && PLAYED.test(file.type);
  const name = seconds ? words.wechat.voice(formats.span(seconds * 1000)) : words.wechat.voiceBare;
  return (
    <div className="recording">
      <span className="recording-name">{name}</span>
      {played && <audio controls preload="metadata" src={media(file.key)} aria-label={name} />}
      {file && !played && (
        <>
          <p className="recording-hint">
            {words.wechat.notPlayable(
              (view.text('format') || file.type.replace(/^audio\//, '')).toUpperCase(),
            )}
          </p>
          <Attachments attachments={[file]} />
        </>
      )}
      {recognised && (
        <p className="recognised">
          <span className="faint">{words.wechat.recognition}</span> {recognised}
        </p>
      )}
    </div>
  );
}
