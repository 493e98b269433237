/** Plays storage where storage is blocked: as lasting as the page. */
let store: Record<string, string> = {};
try {
  store = localStorage;
} catch {
  // Memory it is.
}

/**
 * The shop page's own storage under one prefix. It belongs here and not in the panel's frame, whose storage browsers
 * partition or refuse because the frame comes from another site.
 */
export function keptUnder(prefix: string) {
  const all = (): Record<string, string> => {
    const found: Record<string, string> = {};
    for (const name of Object.keys(store))
      if (name.startsWith(prefix)) found[name.slice(prefix.length)] = store[name]!;
    return found;
  };
  return {
    all,
    /** Null drops it. */
    put(key: string, value: string | null): void {
      try {
        if (value === null) delete store[prefix + key];
        else store[prefix + key] = value;
      } catch {
        // Storage is full: the page goes on, a reload forgets this.
      }
    },
    forget(): void {
      for (const key of Object.keys(all())) delete store[prefix + key];
    },
    /** Tells what other tabs of the shop keep and drop. */
    onElsewhere(changed: (key: string, value: string | null) => void): void {
      addEventListener('storage', ({ key, newValue }) => {
        if (key && key.startsWith(prefix)) changed(key.slice(prefix.length), newValue);
      });
    },
  };
}
