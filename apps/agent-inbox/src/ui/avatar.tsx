import type { ReactNode } from 'react';
import { ChannelIcon } from './channel-icon.tsx';

/** A person as initials on a colour of their own; decorative, the name stands beside it. */
export function Avatar({ of, name, channel, size = 36 }: AvatarProps): ReactNode {
  return (
    <span className="avatar" data-hue={hueOf(of)} data-size={size} aria-hidden="true">
      {initials(name)}
      {channel && (
        <span className="avatar-badge">
          <ChannelIcon channel={channel} size={11} />
        </span>
      )}
    </span>
  );
}

interface AvatarProps {
  /** An id: the same person always gets the same colour. */
  of: string;
  name: string;
  channel?: string;
  size?: 20 | 28 | 36 | 56;
}

/** The first Han character, or the first letters of the first two words. */
export function initials(name: string): string {
  const han = /\p{Script=Han}/u.exec(name);
  if (han) return han[0];
  const words = name.split(/[\s._@+-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return (
    words
      .slice(0, 2)
      .map((word) => [...word][0])
      .join('')
      .toUpperCase() || '?'
  );
}

/** One of eight hues, by a plain sum of the id's characters. */
function hueOf(id: string): number {
  let sum = 0;
  for (const char of id) sum = (sum * 31 + char.charCodeAt(0)) % 997;
  return sum % 8;
}
