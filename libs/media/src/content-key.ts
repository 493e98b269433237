/** A content's place in the store: its SHA-256 under two levels of folders, so that no folder grows huge. */
export function keyOf(sha256: string): string {
  return `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`;
}

const shape = /^([0-9a-f]{2})\/([0-9a-f]{2})\/(\1\2[0-9a-f]{60})$/;

/** Whether `key` could have come from {@link keyOf}. Anything else never reaches a path or a URL. */
export function isKey(key: string): boolean {
  return shape.test(key);
}
