/** Ids of one field beyond which none is read. */
const MAX_IDS = 1000;

/** The message ids in a header field, without angle brackets, each once. */
export function readIds(header: string | undefined): string[] {
  if (!header) return [];
  const bracketed = [...header.slice(0, 200_000).matchAll(/<([^<>]{1,998})>/g)].map((match) => match[1]!);
  const found =
    bracketed.length > 0
      ? bracketed
      : header
          .slice(0, 10_000)
          .split(/[\s,]+/)
          .filter((word) => word.includes('@'));
  const ids = found.map((id) => id.replaceAll(/\s+/g, '')).filter((id) => id !== '');
  return [...new Set(ids)].slice(0, MAX_IDS);
}

/** The one id of a field such as Message-ID; whatever stands there if it is not in brackets. */
export function readId(header: string | undefined): string | null {
  return readIds(header)[0] ?? (header?.trim().replaceAll(/[<>\s]/g, '') || null);
}
