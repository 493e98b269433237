import { type ReactNode, useRef } from 'react';
import { Icon } from '../ui/icon.tsx';
import { useWords } from '../words/words.tsx';

/** A button that opens the browser's file picker. */
export function PickFiles({ onFiles }: { onFiles: (files: Iterable<File>) => void }): ReactNode {
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label={words.composer.attach}
        title={words.composer.attach}
        onClick={() => input.current?.click()}
      >
        <Icon name="attach" />
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={words.composer.attach}
        onChange={(event) => {
          onFiles(event.target.files ?? []);
          event.target.value = '';
        }}
      />
    </>
  );
}
