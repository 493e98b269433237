import type { Attachment } from '@yixian/contracts';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { Icon } from '../ui/icon.tsx';
import { useLanguage } from '../words/words.tsx';

interface LightboxProps {
  images: readonly Attachment[];
  index: number;
  onIndex: (index: number) => void;
  onClose: () => void;
}

/** One image large, over everything. Arrow keys or J and K go through the others of the message. */
export function Lightbox({ images, index, onIndex, onClose }: LightboxProps): ReactNode {
  const { words, formats } = useLanguage();
  const { media } = useDesk();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  const image = images[index]!;
  const step = (by: number) => onIndex((index + by + images.length) % images.length);
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (['ArrowRight', 'j', 'J'].includes(key)) step(1);
    if (['ArrowLeft', 'k', 'K'].includes(key)) step(-1);
  };
  return (
    <dialog
      ref={ref}
      className="lightbox"
      aria-label={words.timeline.image(image.name)}
      onClose={onClose}
      onKeyDown={onKeyDown}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <img src={media(image.key)} alt={image.name} />
      <footer className="lightbox-foot">
        <span className="lightbox-name">{image.name}</span>
        <span>{formats.bytes(image.size)}</span>
        {images.length > 1 && (
          <>
            <span>{words.timeline.imageOf(formats.number(index + 1), formats.number(images.length))}</span>
            <button
              type="button"
              className="icon-button"
              aria-label={words.timeline.previous}
              onClick={() => step(-1)}
            >
              <Icon name="chevronLeft" />
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label={words.timeline.next}
              onClick={() => step(1)}
            >
              <Icon name="chevronRight" />
            </button>
          </>
        )}
        <a
          className="icon-button"
          href={media(image.key)}
          download={image.name}
          aria-label={words.timeline.download}
        >
          <Icon name="download" />
        </a>
        <button type="button" className="icon-button" aria-label={words.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </footer>
    </dialog>
  );
}
