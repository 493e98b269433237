import type { ChannelStore } from '../src/channel.ts';
import type { Clock } from '@yixian/contracts';

/** A host's store for tests of what needs nothing else of a host. */
export function memoryStore(clock: Pick<Clock, 'now'>): ChannelStore {
  const kept = new Map<string, { json: string; expiresAt: number }>();
  const find = (key: string) => {
    const found = kept.get(key);
    return found && found.expiresAt > clock.now() ? found : undefined;
  };
  const set = (key: string, value: unknown, { expiresAt = Infinity }: { expiresAt?: number } = {}) =>
    void kept.set(key, { json: JSON.stringify(value), expiresAt });
  return {
    get: async <T>(key: string) => {
      const found = find(key);
      return found && (JSON.parse(found.json) as T);
    },
    put: async (key, value, options) => set(key, value, options),
    add: async (key, value, options) => {
      if (find(key)) return false;
      set(key, value, options);
      return true;
    },
    delete: async (key) => void kept.delete(key),
    last: async <T>(prefix: string, limit: number) =>
      [...kept.keys()]
        .filter((key) => key.startsWith(prefix) && find(key))
        .sort()
        .slice(-limit)
        .reverse()
        .map((key) => ({ key, value: JSON.parse(kept.get(key)!.json) as T })),
  };
}
