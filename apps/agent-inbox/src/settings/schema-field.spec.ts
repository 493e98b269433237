import { describe, expect, it } from '@jest/globals';
import {
  clearName,
  fieldsOf,
  isRequired,
  isShown,
  settingsFrom,
  type SettingsSchema,
  valueAt,
} from './schema-field.ts';

const schema: SettingsSchema = {
  type: 'object',
  required: ['origins'],
  properties: {
    origins: { type: 'array', items: { type: 'string' }, 'x-label': { 'zh-CN': '网站', en: 'Sites' } },
    port: { type: 'integer' },
    strict: { type: 'boolean' },
    smtp: { type: 'object', properties: { password: { type: 'string', 'x-secret': true } } },
  },
};
const form = (values: Record<string, string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(values)) data.set(name, value);
  return data;
};

describe('fieldsOf', () => {
  it('labels fields in the language in use and reaches into objects', () => {
    const fields = fieldsOf(schema, 'zh-CN');
    expect(fields.map(({ path, label, required }) => [path, label, required])).toEqual([
      ['origins', '网站', true],
      ['port', 'port', false],
      ['strict', 'strict', false],
      ['smtp.password', 'password', false],
    ]);
  });

  it('calls the values of a choice what the channel calls them, or by themselves', () => {
    const side: SettingsSchema = {
      enum: ['left', 'right'],
      'x-options': { left: { 'zh-CN': '左', en: 'Left' } },
    };
    expect(fieldsOf({ properties: { side } }, 'en')[0]!.options).toEqual([
      { value: 'left', label: 'Left' },
      { value: 'right', label: 'right' },
    ]);
  });
});

it('knows what must be filled in because of another setting', () => {
  const needs = (kind: string, ...required: string[]) => ({
    if: { properties: { kind: { const: kind } } },
    // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's own word
    then: { required },
  });
  const of: SettingsSchema = {
    properties: { kind: { enum: ['house', 'boat'] }, key: {}, mooring: {} },
    required: ['kind'],
    allOf: [needs('house', 'key'), needs('boat', 'key', 'mooring')],
  };
  const required = (kind: string) =>
    fieldsOf(of, 'en')
      .filter((field) => isRequired(field, (path) => (path === 'kind' ? kind : '')))
      .map(({ path }) => path);
  expect(required('house')).toEqual(['kind', 'key']);
  expect(required('boat')).toEqual(['kind', 'key', 'mooring']);
  expect(required('')).toEqual(['kind']);
});

describe('settingsFrom', () => {
  const fields = fieldsOf(schema, 'en');
  it('gives each value the type the schema asks for', () => {
    const filled = form({
      origins: 'https://a.cn\n\n https://b.cn ',
      port: '25',
      strict: 'on',
      'smtp.password': 'x',
    });
    expect(settingsFrom(fields, filled)).toEqual({
      origins: ['https://a.cn', 'https://b.cn'],
      port: 25,
      strict: true,
      smtp: { password: 'x' },
    });
  });

  it('leaves out what is left empty, so that a secret stays as it is', () => {
    expect(settingsFrom(fields, form({ port: '', 'smtp.password': '' }))).toEqual({
      origins: [],
      strict: false,
    });
  });
});

it('reads a value by its path', () => {
  expect(valueAt({ smtp: { host: 'x' } }, 'smtp.host')).toBe('x');
  expect(valueAt({}, 'smtp.host')).toBeUndefined();
});

describe('in groups', () => {
  const label = (zh: string) => ({ 'x-label': { 'zh-CN': zh, en: zh } });
  const grouped = fieldsOf(
    {
      properties: {
        way: { enum: ['imap', 'pop'], default: 'imap' },
        imap: {
          type: 'object',
          ...label('收信'),
          properties: { host: { type: 'string' }, password: { type: 'string', 'x-secret': true } },
        },
        popHost: { type: 'string', 'x-when': { way: ['pop'] } },
      },
    },
    'zh-CN',
  );

  it('knows the object a field is part of, and when it is to be filled in', () => {
    expect(grouped.map(({ path, group }) => [path, group?.label])).toEqual([
      ['way', undefined],
      ['imap.host', '收信'],
      ['imap.password', '收信'],
      ['popHost', undefined],
    ]);
    const shownWith = (way: string) =>
      grouped.filter((field) => isShown(field, () => way)).map(({ path }) => path);
    expect(shownWith('imap')).not.toContain('popHost');
    expect(shownWith('pop')).toContain('popHost');
  });

  it('takes a stored secret away when told to', () => {
    const filled = new FormData();
    filled.set(clearName('imap.password'), '1');
    expect(settingsFrom(grouped, filled)).toMatchObject({ imap: { password: { set: false } } });
  });
});
