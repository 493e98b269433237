import type { Attachment } from '@yixian/contracts';
import type { ReactNode } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { isImage } from '../timeline/attachments.tsx';
import { Icon } from '../ui/icon.tsx';
import { useLanguage } from '../words/words.tsx';
import type { Upload } from './use-uploads.ts';

interface TrayProps {
  attachments: readonly Attachment[];
  uploads: readonly Upload[];
  onRemove: (attachment: Attachment) => void;
  onRemoveUpload: (id: number) => void;
  onRetry: (id: number) => void;
}

/** The files that go with the reply, and those still on their way up. */
export function AttachmentTray({
  attachments,
  uploads,
  onRemove,
  onRemoveUpload,
  onRetry,
}: TrayProps): ReactNode {
  const { words, formats } = useLanguage();
  const { media } = useDesk();
  if (attachments.length + uploads.length === 0) return null;
  return (
    <ul className="tray">
      {attachments.map((attachment) => (
        <li key={attachment.key + attachment.name} className="tray-item">
          {isImage(attachment) ? <img src={media(attachment.key)} alt="" /> : <Icon name="file" />}
          <span className="file-text">
            <span className="file-name">{attachment.name}</span>
            <span className="file-size">{formats.bytes(attachment.size)}</span>
          </span>
          <RemoveButton name={attachment.name} onRemove={() => onRemove(attachment)} />
        </li>
      ))}
      {uploads.map(({ id, file, share, code }) => (
        <li key={id} className="tray-item" data-failed={code ? '' : undefined}>
          <Icon name={code ? 'alert' : 'file'} />
          <span className="file-text">
            <span className="file-name">{file.name}</span>
            <span className="file-size" role={code ? 'alert' : undefined}>
              {code ? words.problem[code] : words.composer.uploading(`${Math.round(share * 100)} %`)}
            </span>
          </span>
          {code ? (
            <button type="button" className="link-button" onClick={() => onRetry(id)}>
              {words.retry}
            </button>
          ) : (
            <progress max={1} value={share} aria-label={file.name} />
          )}
          <RemoveButton name={file.name} onRemove={() => onRemoveUpload(id)} />
        </li>
      ))}
    </ul>
  );
}

function RemoveButton({ name, onRemove }: { name: string; onRemove: () => void }): ReactNode {
  const { words } = useLanguage();
  return (
    <button
      type="button"
      className="icon-button small"
      aria-label={words.composer.removeFile(name)}
      onClick={onRemove}
    >
      <Icon name="close" size={14} />
    </button>
  );
}
