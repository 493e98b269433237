import type { Locale } from '../words/locale.ts';

/** The part of JSON Schema (2020-12) that account settings use, with the channel's own labels. */
export interface SettingsSchema {
  type?: string;
  title?: string;
  description?: string;
  properties?: Record<string, SettingsSchema>;
  required?: string[];
  /** What else is required where another setting has a value. Other conditions are the hub's alone to check. */
  allOf?: {
    if?: { properties?: Record<string, { const?: unknown }> };
    then?: { required?: string[] };
  }[];
  enum?: (string | number)[];
  items?: SettingsSchema;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  default?: unknown;
  'x-label'?: Record<Locale, string>;
  'x-help'?: Record<Locale, string>;
  /** What the values of an `enum` are called. */
  'x-options'?: Record<string, Record<Locale, string>>;
  'x-secret'?: boolean;
  /** Shown only while these other settings, of the same object, have one of the values. */
  'x-when'?: Record<string, (string | boolean)[]>;
}

/** One thing to fill in. `path` is where it stands in the settings: `smtp.host`. */
export interface SchemaField {
  path: string;
  label: string;
  help: string | undefined;
  required: boolean;
  /** Required while any of these paths has the value. */
  requiredBy: { path: string; value: string }[];
  /** The object that it is part of, where that has a name of its own. */
  group: { path: string; label: string; help: string | undefined } | undefined;
  /** Shown only while each of these paths has one of the values. */
  when: { path: string; values: string[] }[];
  /** The choices of an `enum`, as they are called. */
  options: { value: string; label: string }[];
  schema: SettingsSchema;
}

/** The fields of a form, nested objects flattened. */
export function fieldsOf(
  schema: SettingsSchema,
  locale: Locale,
  inside: { prefix: string; group: SchemaField['group'] } = { prefix: '', group: undefined },
): SchemaField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = inside.prefix + name;
    const label = property['x-label']?.[locale] ?? property.title ?? name;
    const help = property['x-help']?.[locale] ?? property.description;
    if (property.type === 'object' && property.properties) {
      const group = inside.group ?? { path, label, help };
      return fieldsOf(property, locale, { prefix: `${path}.`, group });
    }
    return {
      path,
      label,
      help,
      group: inside.group,
      when: Object.entries(property['x-when'] ?? {}).map(([other, values]) => ({
        path: inside.prefix + other,
        values: values.map(String),
      })),
      required: schema.required?.includes(name) ?? false,
      requiredBy: conditionsOf(schema, name).map(({ other, value }) => ({
        path: inside.prefix + other,
        value,
      })),
      options: (property.enum ?? []).map((one) => ({
        value: String(one),
        label: property['x-options']?.[one]?.[locale] ?? String(one),
      })),
      schema: property,
    };
  });
}

/** Which values of which other settings make one required: conditions of a single setting. */
function conditionsOf({ allOf = [] }: SettingsSchema, name: string): { other: string; value: string }[] {
  return allOf.flatMap(({ if: given, then }) => {
    const named = Object.entries(given?.properties ?? {});
    const [[other, { const: value }] = ['', {}]] = named;
    if (named.length !== 1 || value === undefined || !then?.required?.includes(name)) return [];
    return [{ other, value: String(value) }];
  });
}

/** Whether a field must be filled in, as the others are now. */
export const isRequired = (
  { required, requiredBy }: SchemaField,
  valueOf: (path: string) => string,
): boolean => required || requiredBy.some(({ path, value }) => valueOf(path) === value);

/** Whether a field is to be filled in, as far as the others are. `valueOf` answers what a path has now, as text. */
export const isShown = ({ when }: SchemaField, valueOf: (path: string) => string): boolean =>
  when.every(({ path, values }) => values.includes(valueOf(path)));

/** What a form calls the wish to take a stored secret away. */
export const clearName = (path: string): string => `${path}:clear`;

/** The value at a path; `undefined` where there is none. */
export function valueAt(settings: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], settings);
}

/** The settings that a filled-in form stands for. What is left empty is left out. */
export function settingsFrom(fields: readonly SchemaField[], form: FormData): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  for (const { path, schema } of fields) {
    const cleared = form.get(clearName(path)) !== null;
    const value = cleared ? { set: false } : valueFrom(schema, form.get(path));
    if (value !== undefined) put(settings, path.split('.'), value);
  }
  return settings;
}

function valueFrom(schema: SettingsSchema, given: FormDataEntryValue | null): unknown {
  if (schema.type === 'boolean') return given !== null;
  const text = typeof given === 'string' ? given : '';
  if (schema.type === 'array') {
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  }
  if (text === '') return undefined;
  return schema.type === 'number' || schema.type === 'integer' ? Number(text) : text;
}

function put(into: Record<string, unknown>, [name, ...rest]: string[], value: unknown): void {
  if (name === undefined) return;
  if (rest.length === 0) into[name] = value;
  else put((into[name] ??= {}) as Record<string, unknown>, rest, value);
}
