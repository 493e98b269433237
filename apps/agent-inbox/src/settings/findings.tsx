import type { AccountFinding } from '@yixian/contracts';
import { lazy, type ReactNode, Suspense } from 'react';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useLanguage } from '../words/words.tsx';

const icons: Record<AccountFinding['state'], IconName> = {
  ok: 'check',
  warning: 'alert',
  wrong: 'close',
  skipped: 'question',
};

const QrCode = lazy(() => import('./qr-code.tsx'));

/** What a channel says of an account, one line each, with the codes that somebody has to scan. */
export function Findings({ findings }: { findings: readonly AccountFinding[] }): ReactNode {
  const { words, locale } = useLanguage();
  return (
    <ul className="findings" aria-live="polite">
      {findings.map(({ part, state, says, scan }) => (
        <li key={`${part} ${says.en}`} data-state={state}>
          <Icon name={icons[state]} size={16} />
          <span>{says[locale]}</span>
          {scan && (
            <Suspense>
              <QrCode text={scan} label={words.settings.scanCode} />
            </Suspense>
          )}
        </li>
      ))}
    </ul>
  );
}
