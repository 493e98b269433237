/**
 * The value with every string in a form that JSON and PostgreSQL both hold: U+0000 and lone surrogates, which neither
 * can store as text, become U+FFFD. Everything else is untouched.
 */
export function storable<T>(value: T): T {
  return clean(value) as T;
}

/** What most text has none of. To look for whole pairs of surrogates, as below, takes five times as long. */
const suspicious = /[\0\ud800-\udfff]/;

function clean(value: unknown): unknown {
  if (typeof value === 'string')
    return suspicious.test(value) ? value.replace(/\0|\p{Cs}/gu, '\uFFFD') : value;
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [clean(key) as string, clean(inner)]),
  );
}
