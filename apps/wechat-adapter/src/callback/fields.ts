/** What a push says, whichever way it was written: names as Tencent's, every value as text. */
export interface Fields {
  [name: string]: Field;
}
export type Field = string | Fields | Field[];

/** The text under a name; empty when there is none. */
export function textIn(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

/** The number under a name; `undefined` when there is none, or it is none. */
export function numberIn(fields: Fields, name: string): number | undefined {
  const text = textIn(fields, name);
  const value = Number(text);
  return text !== '' && Number.isFinite(value) ? value : undefined;
}

/** The fields under a name. */
export function fieldsIn(fields: Fields, name: string): Fields {
  const value = fields[name];
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}

/** All values under a name: XML repeats an element where JSON has a list. */
export function listIn(fields: Fields, name: string): Fields[] {
  const value = fields[name];
  const all = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return all.filter((one): one is Fields => typeof one === 'object' && !Array.isArray(one));
}
