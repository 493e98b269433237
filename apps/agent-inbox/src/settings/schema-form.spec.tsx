import { expect, it } from '@jest/globals';
import { renderToStaticMarkup } from 'react-dom/server';
import { formatsFor } from '../words/formats.ts';
import { LanguageContext } from '../words/words.tsx';
import { zhCN } from '../words/zh-cn.ts';
import { fieldsOf } from './schema-field.ts';
import { SchemaForm } from './schema-form.tsx';

it('never writes a secret into the page, and says that it is set', () => {
  const fields = fieldsOf(
    { properties: { key: { type: 'string', 'x-secret': true } }, required: ['key'] },
    'zh-CN',
  );
  const html = renderToStaticMarkup(
    <LanguageContext value={{ locale: 'zh-CN', words: zhCN, formats: formatsFor('zh-CN') }}>
      <SchemaForm fields={fields} settings={{ key: { set: true } }} mistakes={new Map()} />
    </LanguageContext>,
  );
  expect(html).toContain('type="password"');
  expect(html).toContain(zhCN.settings.secretSet);
  expect(html).not.toMatch(/ value=| required/);
});
