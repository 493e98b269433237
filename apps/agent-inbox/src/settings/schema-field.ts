import type { Locale } from '../words/locale.ts';

/** The part of JSON Schema (2020-12) that account settings use, with the channel's own labels. */
export interface SettingsSchema {
  type?: string;
  title?: string;
  description?: string;
  properties?: Record<string, SettingsSchema>;
  required?: string[];
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
}

/** One thing to fill in. `path` is where it stands in the settings: `smtp.host`. */
export interface SchemaField {
  path: string;
  label: string;
  help: string | undefined;
  required: boolean;
  /** The choices of an `enum`, as they are called. */
  options: { value: string; label: string }[];
  schema: SettingsSchema;
}

/** The fields of a form, nested objects flattened. */
export function fieldsOf(schema: SettingsSchema, locale: Locale, prefix = ''): SchemaField[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = prefix + name;
    if (property.type === 'object' && property.properties) return fieldsOf(property, locale, `${path}.`);
    return {
      path,
      label: property['x-label']?.[locale] ?? property.title ?? name,
      help: property['x-help']?.[locale] ?? property.description,
      required: schema.required?.includes(name) ?? false,
      options: (property.enum ?? []).map((one) => ({
        value: String(one),
        label: property['x-options']?.[one]?.[locale] ?? String(one),
      })),
      schema: property,
    };
  });
}

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
    const value = valueFrom(schema, form.get(path));
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
