import type { ReactNode } from 'react';
import { useDesk } from '../desk/desk-context.tsx';
import { useLanguage } from '../words/words.tsx';
import { useObservable } from './observable.ts';

const GENERIC = 'M4 5h16v11h-8l-5 4v-4H4z';

/** A channel as it announced itself; its bare word and a plain bubble while it has not. */
export function useChannel(channel: string): { name: string; icon: string } {
  const { channels } = useDesk();
  const { locale } = useLanguage();
  const loaded = useObservable(channels.state);
  const found = loaded.status === 'ready' ? loaded.value.find((one) => one.channel === channel) : undefined;
  return { name: found?.name[locale] ?? channel, icon: found?.icon || GENERIC };
}

export function ChannelIcon({ channel, size = 14 }: { channel: string; size?: number }): ReactNode {
  const { icon } = useChannel(channel);
  return (
    <svg className="channel-icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={icon} />
    </svg>
  );
}
