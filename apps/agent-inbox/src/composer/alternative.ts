import type { WriterProps } from './writer.ts';

/** What a form is given that sends something in place of an ordinary message. */
export interface AlternativeProps extends Omit<WriterProps, 'ref'> {
  onClose: () => void;
}
