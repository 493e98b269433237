import { type ReactNode, useEffect, useId, useRef, useState } from 'react';

interface PopoverProps {
  /** The button's content and name. */
  button: ReactNode;
  label?: string;
  className?: string;
  /** `start` aligns with the button's left edge. */
  align?: 'start' | 'end';
  placement?: 'below' | 'above';
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: (close: () => void) => ReactNode;
}

/** A button that shows a small panel beside itself. Escape, a click elsewhere or leaving it closes the panel. */
export function Popover(props: PopoverProps): ReactNode {
  const [openInside, setOpenInside] = useState(false);
  const open = props.open ?? openInside;
  const setOpen = props.onOpenChange ?? setOpenInside;
  const root = useRef<HTMLDivElement>(null);
  const panelId = useId();
  const close = () => {
    setOpen(false);
    root.current?.querySelector<HTMLElement>(':scope > button')?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener('pointerdown', away);
    return () => removeEventListener('pointerdown', away);
  }, [open, setOpen]);
  return (
    <div
      className="popover"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.stopPropagation();
        close();
      }}
      onBlur={(event) => {
        if (event.relatedTarget && !root.current?.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        type="button"
        className={props.className ?? 'button quiet'}
        aria-label={props.label}
        title={props.label}
        aria-expanded={open}
        aria-controls={open ? panelId : undefined}
        onClick={() => setOpen(!open)}
      >
        {props.button}
      </button>
      {open && (
        <div
          id={panelId}
          className="popover-panel"
          data-align={props.align ?? 'end'}
          data-placement={props.placement ?? 'below'}
        >
          {props.children(close)}
        </div>
      )}
    </div>
  );
}
