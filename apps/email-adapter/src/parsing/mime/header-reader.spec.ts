import { describe, expect, test } from '@jest/globals';
import { HeaderReader } from './header-reader.ts';
import { readDate } from './mail-date.ts';

const reader = new HeaderReader(() => 'utf-8');
const addresses = (value: string) =>
  reader.addresses([{ name: 'to', value }], 'to').map(({ name, address }) => `${name}|${address}`);
const fileName = (...headers: [string, string][]) =>
  reader.fileName({ headers: headers.map(([name, value]) => ({ name, value })) });

describe('encoded words', () => {
  test.each([
    ['=?utf-8?B?5L2g5aW9?= =?utf-8?B?5ZCX?=', '你好吗'],
    ['=?GB2312?B?xOM=?= =?GB2312?B?usM=?=', '你好'],
    ['a character cut in two: =?utf-8?B?5L2g5Q==?= =?utf-8?B?pb0=?=', 'a character cut in two: 你好'],
    ['base64 cut in two: =?utf-8?B?5L2g5a?= =?utf-8?B?W9?=', 'base64 cut in two: 你好'],
    ['=?iso-8859-1?Q?Caf=E9_cr=E8me?=', 'Café crème'],
    ['=?iso-8859-1*de?Q?M=FCller?=', 'Müller'],
    ['=?utf-8?q?with spaces in?= it', 'with spaces in it'],
    ['=?utf-8?Q?What??= next', 'What? next'],
    ['glued=?utf-8?Q?=C3=A9?=here', 'gluedéhere'],
    ['=?utf-8?B?5L2g5aW9', '你好'],
    ['=?utf-8?B?5L2g5aW9?', '你好'],
    ['=?no-such?Q?=C3=A9?=', 'é'],
    ['=?utf-8?Q?=C4=E3=BA=C3=A3=AC=CE=D2=CF=EB=CD=CB=BB=F5?=', '你好，我想退货'],
    ['not =? a word ?=', 'not =? a word ?='],
    ['=?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?= =?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=', 'テストテスト'],
  ])('%s', (raw, text) => {
    expect(reader.text(raw)).toBe(text);
  });
});

describe('addresses', () => {
  test.each<[string, string[]]>([
    ['Ann <ann@example.org>', ['Ann|ann@example.org']],
    ['ann@example.org (Ann Lee)', ['Ann Lee|ann@example.org']],
    ['<ann@example.org>, bob@example.org', ['|ann@example.org', '|bob@example.org']],
    ['"Lee, Ann" <ann@example.org>', ['Lee, Ann|ann@example.org']],
    [
      'Lee, Ann <ann@example.org>, Bob <bob@example.org>',
      ['Lee, Ann|ann@example.org', 'Bob|bob@example.org'],
    ],
    ['=?utf-8?Q?Lee=2C_Ann?= <ann@example.org>', ['Lee, Ann|ann@example.org']],
    ['"=?gbk?B?zfXQocP3?=" <wang@example.cn>', ['王小明|wang@example.cn']],
    ["'Ann' <ann@example.org>", ['Ann|ann@example.org']],
    ['"Ann \\"Annie\\" Lee" <ann@example.org>', ['Ann Annie Lee|ann@example.org']],
    ['undisclosed-recipients:;', []],
    [
      'team: ann@example.org, Bob <bob@example.org>;, c@example.org',
      ['|ann@example.org', 'Bob|bob@example.org', '|c@example.org'],
    ],
    ['ann@example.org; bob@example.org', ['|ann@example.org', '|bob@example.org']],
    ['Ann <mailto:ann@example.org>', ['Ann|ann@example.org']],
    ['Ann <ann@example.org', ['Ann|ann@example.org']],
    ['Ann ann@example.org', ['Ann|ann@example.org']],
    ['Mail Delivery System', ['Mail Delivery System|']],
    ['"very.(),:;<>[]" <odd@example.org>', ['very.(),:;<>[]|odd@example.org']],
    ['<@relay.example:ann@example.org>', ['|ann@example.org']],
    ['Ann <ann(comment)@example.org>', ['Ann|ann@example.org']],
    ['', []],
  ])('%s', (raw, expected) => {
    expect(addresses(raw)).toEqual(expected);
  });
});

describe('file names', () => {
  test.each<[string, [string, string][]]>([
    ['报价.pdf', [['content-disposition', "attachment; filename*=utf-8''%E6%8A%A5%E4%BB%B7.pdf"]]],
    [
      '报价.pdf',
      [['content-disposition', "attachment; filename*0*=gbk''%B1%A8; filename*1*=%BC%DB; filename*2=.pdf"]],
    ],
    ['报价.pdf', [['content-disposition', 'attachment; filename="=?gbk?B?sai82y5wZGY=?="']]],
    ['报价.pdf', [['content-type', 'application/pdf; name==?utf-8?B?5oql5Lu3LnBkZg==?=']]],
    ['my file.pdf', [['content-disposition', 'attachment; filename=my file.pdf']]],
    ['a;b.pdf', [['content-disposition', 'attachment; filename="a;b.pdf"']]],
    ['late.pdf', [['content-disposition', 'attachment; filename*1=te.pdf; filename*0=la']]],
    ['both.pdf', [['content-disposition', "attachment; filename=plain.pdf; filename*=utf-8''both.pdf"]]],
    [
      '报价.pdf',
      [['content-disposition', `attachment; filename="${Buffer.from('报价.pdf').toString('latin1')}"`]],
    ],
    ['open.pdf', [['content-disposition', 'attachment; filename="open.pdf']]],
  ])('%s', (name, headers) => {
    expect(fileName(...headers)).toBe(name);
  });
});

describe('dates', () => {
  test.each([
    ['Mon, 4 Mar 2024 10:12:00 +0800', '2024-03-04T02:12:00.000Z'],
    ['4 Mar 24 10:12 EST', '2024-03-04T15:12:00.000Z'],
    ['Mon, 04 Mar 2024 10:12:00 GMT (UTC)', '2024-03-04T10:12:00.000Z'],
    ['Mon Mar  4 10:12:00 2024', '2024-03-04T10:12:00.000Z'],
    ['Fri, 21 Nov 97 09(comment):   55  :  06 -0600', '1997-11-21T15:55:06.000Z'],
    ['2024-03-04T10:12:00+08:00', '2024-03-04T02:12:00.000Z'],
    ['2024-03-04 10:12:00', '2024-03-04T10:12:00.000Z'],
    ['Mo, 4 März 2024 10:12:00 +0100', '2024-03-04T09:12:00.000Z'],
    ['Mon, 4 Mar 2024 10:12:00 PM -0500', '2024-03-05T03:12:00.000Z'],
    ['Mon, 4 Mar 2024 10.12.00 +0000', '2024-03-04T10:12:00.000Z'],
    ['04.03.2024 10:12', '2024-03-04T10:12:00.000Z'],
    ['Mon, 4 Mar 124 10:12:00 +0000', '2024-03-04T10:12:00.000Z'],
    ['yesterday', null],
    ['', null],
    ['Mon, 99 Foo 2024', null],
  ])('%s', (raw, iso) => {
    expect(readDate(raw)).toBe(iso);
  });
});
