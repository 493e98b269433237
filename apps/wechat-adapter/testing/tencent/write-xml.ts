export type Tree = { [name: string]: string | number | Tree | Tree[] };

/** As Tencent writes XML: text in CDATA, numbers bare, lists as repeated elements. */
export function writeXml(tree: Tree): string {
  return Object.entries(tree)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [name, one] as const))
    .map(([name, value]) => `<${name}>${inner(value)}</${name}>`)
    .join('');
}

function inner(value: string | number | Tree): string {
  if (typeof value === 'object') return writeXml(value);
  return typeof value === 'number'
    ? String(value)
    : `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
