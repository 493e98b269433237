import type { Delivery } from '@yixian/contracts';
import type { DeliveryState } from '@yixian/contracts/delivery';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../ui/icon.tsx';
import { useWords } from '../words/words.tsx';
import type { Words } from '../words/zh-cn.ts';
import { reasonWords } from './reason-words.ts';

const icons: Record<DeliveryState, IconName> = {
  queued: 'clock',
  sending: 'clock',
  sent: 'check',
  preview: 'eye',
  delivered: 'checks',
  read: 'checks',
  failed: 'alert',
  bounced: 'alert',
  unknown: 'question',
};

/** What became of an outbound message: a small mark, and words where somebody must know. */
export function DeliveryMark({ delivery }: { delivery: Delivery }): ReactNode {
  const words = useWords();
  const text = deliveryWords(delivery, words);
  const isBad = ['preview', 'failed', 'bounced', 'unknown'].includes(delivery.state);
  return (
    <span className="delivery" data-state={delivery.state} title={text}>
      <Icon name={icons[delivery.state]} size={14} />
      <span className={isBad ? undefined : 'visually-hidden'}>{text}</span>
    </span>
  );
}

function deliveryWords({ state, reason }: Delivery, words: Words): string {
  if (!reason) return words.delivery[state];
  return `${words.delivery[state]} · ${reasonWords(reason, words)}`;
}
