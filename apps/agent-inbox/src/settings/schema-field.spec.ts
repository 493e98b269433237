import { describe, expect, it } from '@jest/globals';
import { fieldsOf, settingsFrom, type SettingsSchema, valueAt } from './schema-field.ts';

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
