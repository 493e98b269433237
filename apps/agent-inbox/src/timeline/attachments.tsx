import type { Attachment } from '@yixian/contracts';
import { type ReactNode, useState } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { Icon } from '../ui/icon.tsx';
import { useLanguage } from '../words/words.tsx';
import { Lightbox } from './lightbox.tsx';

/** The longest side of an image on the timeline, in pixels. */
const THUMB = 240;

export const isImage = ({ type }: Attachment): boolean => /^image\/(png|jpe?g|gif|webp|avif)$/.test(type);

/** Images as thumbs that open large, everything else as a card with name and size. */
export function Attachments({ attachments }: { attachments: readonly Attachment[] }): ReactNode {
  const [shown, setShown] = useState<number>();
  if (attachments.length === 0) return null;
  const images = attachments.filter(isImage);
  const files = attachments.filter((attachment) => !isImage(attachment));
  return (
    <div className="attachments">
      {images.length > 0 && (
        <div className="thumbs">
          {images.map((image, index) => (
            <Thumb key={image.key + image.name} image={image} onOpen={() => setShown(index)} />
          ))}
        </div>
      )}
      {files.map((file) => (
        <FileCard key={file.key + file.name} file={file} />
      ))}
      {shown !== undefined && (
        <Lightbox images={images} index={shown} onIndex={setShown} onClose={() => setShown(undefined)} />
      )}
    </div>
  );
}

function Thumb({ image, onOpen }: { image: Attachment; onOpen: () => void }): ReactNode {
  const { words } = useLanguage();
  const { media } = useDesk();
  const { width, height } = fitted(image);
  return (
    <button type="button" className="thumb" onClick={onOpen} aria-label={words.timeline.image(image.name)}>
      <img src={media(image.key)} alt="" width={width} height={height} loading="lazy" decoding="async" />
    </button>
  );
}

/** The size a thumb takes, known before the image has come, so that nothing jumps. */
export function fitted({ width = THUMB, height = THUMB * 0.75 }: Pick<Attachment, 'width' | 'height'>): {
  width: number;
  height: number;
} {
  const scale = Math.min(1, THUMB / width, THUMB / height);
  return { width: Math.max(24, Math.round(width * scale)), height: Math.max(24, Math.round(height * scale)) };
}

function FileCard({ file }: { file: Attachment }): ReactNode {
  const { words, formats } = useLanguage();
  const { media } = useDesk();
  return (
    <a className="file-card" href={media(file.key)} download={file.name} title={words.timeline.download}>
      <Icon name="file" size={22} />
      <span className="file-text">
        <span className="file-name">{file.name}</span>
        <span className="file-size">{formats.bytes(file.size)}</span>
      </span>
      <Icon name="download" size={16} />
    </a>
  );
}
