const NAME = 'yixian_session';

/** The session's secret from a `cookie` header. */
export function sessionOfCookie(header: string | undefined): string | undefined {
  for (const part of header?.split(';') ?? []) {
    const [name, value] = part.trim().split('=');
    if (name === NAME && value) return value;
  }
  return undefined;
}

/** The `set-cookie` header that gives a browser its session, or takes it away (`maxAgeS` 0). */
export function sessionCookie(
  secret: string,
  { maxAgeS, secure }: { maxAgeS: number; secure: boolean },
): string {
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeS}${secure ? '; Secure' : ''}`;
  return `${NAME}=${secret}; ${attributes}`;
}
