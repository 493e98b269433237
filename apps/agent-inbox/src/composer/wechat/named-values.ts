/** What lines of `name=value` say; lines without a name are left out, the last of a name holds. */
export function namedValues(text: string): Record<string, string> {
  const pairs = text.split('\n').map((line) => /^\s*([^=：:\s]+)\s*[=：:]\s*(.*?)\s*$/.exec(line));
  return Object.fromEntries(pairs.filter((pair) => pair !== null).map(([, name, value]) => [name!, value!]));
}
