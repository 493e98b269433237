import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanFileName, contentDisposition } from './file-name.ts';

describe('cleanFileName', () => {
  test.each([
    ['报价单.pdf', '报价单.pdf'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\a.txt', 'a.txt'],
    ['line\r\nbreak\0.txt', 'linebreak.txt'],
    ['photo\u202Egpj.exe', 'photogpj.exe'],
    ['..', 'file'],
    ['', 'file'],
    ['lone\ud800.txt', 'lone.txt'],
  ])('makes %j into %j', (name, clean) => {
    expect(cleanFileName(name)).toBe(clean);
  });

  test('keeps the extension of a long name', () => {
    const clean = cleanFileName(`${'长'.repeat(400)}.docx`);
    expect(clean).toHaveLength(255);
    expect(clean.endsWith('长.docx')).toBe(true);
  });
});

describe('contentDisposition', () => {
  test('names the file in UTF-8 and in ASCII', () => {
    expect(contentDisposition('attachment', '报价 "A" 50%.pdf')).toBe(
      `attachment; filename="__ _A_ 50_.pdf"; filename*=UTF-8''%E6%8A%A5%E4%BB%B7%20%22A%22%2050%25.pdf`,
    );
  });

  test('is one header line whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(contentDisposition('inline', name)).toMatch(
          /^inline; filename="[\x20-\x7e]*"; filename\*=UTF-8''[\w.~!#$&+^`|%-]+$/,
        );
      }),
    );
  });
});
