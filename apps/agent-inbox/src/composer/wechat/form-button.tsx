import { type ReactNode, useState } from 'react';
import { Icon, type IconName } from '../../ui/icon.tsx';

interface FormButtonProps {
  name: string;
  icon: IconName;
  disabled?: boolean;
  /** The form, which closes itself. */
  form: (onClose: () => void) => ReactNode;
}

/** A button beside those for files, which opens a form to send something else by. */
export function FormButton({ name, icon, disabled = false, form }: FormButtonProps): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label={name}
        title={name}
        disabled={disabled}
        onClick={() => setOpen(true)}
      >
        <Icon name={icon} />
      </button>
      {open && form(() => setOpen(false))}
    </>
  );
}
