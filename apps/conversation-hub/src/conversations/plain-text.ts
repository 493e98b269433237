/** Text without what PostgreSQL cannot hold: NUL is left out, half a surrogate pair becomes U+FFFD. */
export function plainText(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\ufffd');
}
