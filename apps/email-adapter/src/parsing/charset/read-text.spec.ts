import { describe, expect, test } from '@jest/globals';
import iconv from 'iconv-lite';
import { parseMail } from '../parse-mail.ts';
import type { ParsedMail } from '../parsed-mail.ts';

const texts = {
  simplified: '您好，我想咨询一下订单的物流情况，订单号是20240304，请尽快回复，谢谢！',
  traditional: '您好，我想查詢訂單的出貨進度，訂單編號是20240304，請盡快回覆，謝謝！',
  japanese: 'お世話になっております。注文した商品がまだ届いていません。至急ご確認をお願いいたします。',
  korean: '안녕하세요. 주문한 상품이 아직 도착하지 않았습니다. 확인 부탁드립니다. 감사합니다.',
  russian: 'Здравствуйте! Мой заказ до сих пор не доставлен. Пожалуйста, проверьте статус.',
  german: 'Sehr geehrte Damen und Herren, meine Bestellung für Müller ist größtenteils unvollständig. Grüße',
  french: 'Bonjour, ma commande n’est pas arrivée à la date prévue. Ça fait « déjà » 3 semaines… 25 €',
  polish:
    'Dzień dobry, moje zamówienie jeszcze nie dotarło. Proszę o szybką odpowiedź, dziękuję. Łukasz Żółć',
  czech: 'Dobrý den, moje objednávka ještě nedorazila. Prosím o rychlou odpověď, děkuji. Tomáš Říha',
  greek: 'Καλημέρα, η παραγγελία μου δεν έχει φτάσει ακόμα. Παρακαλώ ελέγξτε το. Ευχαριστώ',
  turkish: 'Merhaba, siparişim hâlâ gelmedi. Lütfen kontrol eder misiniz? Teşekkür ederim, Işık Şahin',
  hebrew: 'שלום, ההזמנה שלי עדיין לא הגיעה. אנא בדקו. תודה',
  arabic: 'مرحبا، طلبي لم يصل بعد. يرجى التحقق من ذلك. شكرا',
  thai: 'สวัสดีค่ะ สินค้าที่สั่งยังไม่ถึง กรุณาตรวจสอบด้วยค่ะ ขอบคุณ',
};

const written: [keyof typeof texts, string][] = [
  ['simplified', 'gbk'],
  ['simplified', 'gb18030'],
  ['traditional', 'big5'],
  ['traditional', 'gbk'],
  ['japanese', 'shift_jis'],
  ['japanese', 'euc-jp'],
  ['korean', 'euc-kr'],
  ['russian', 'koi8-r'],
  ['russian', 'windows-1251'],
  ['russian', 'iso-8859-5'],
  ['russian', 'cp866'],
  ['german', 'iso-8859-1'],
  ['french', 'windows-1252'],
  ['polish', 'iso-8859-2'],
  ['polish', 'windows-1250'],
  ['czech', 'iso-8859-2'],
  ['czech', 'windows-1250'],
  ['greek', 'windows-1253'],
  ['turkish', 'windows-1254'],
  ['hebrew', 'windows-1255'],
  ['arabic', 'windows-1256'],
  ['thai', 'windows-874'],
  ...(Object.keys(texts) as (keyof typeof texts)[]).map((name): [keyof typeof texts, string] => [
    name,
    'utf-8',
  ]),
];

const read = (subject: Buffer, declared: string, body: Buffer) => {
  const head = `From: a@example.org\r\nSubject: `;
  const type = `\r\nContent-Type: text/plain${declared && `; charset=${declared}`}\r\n\r\n`;
  const raw = Buffer.concat([Buffer.from(head), subject, Buffer.from(type), body]);
  return (parseMail(raw) as ParsedMail).payload;
};

describe.each(written)('%s in %s', (name, charset) => {
  const text = texts[name];
  const bytes = iconv.encode(text, charset);
  const start = text.slice(0, 24).trim();

  test.each(['', 'us-ascii', 'unknown-8bit', 'no-such-charset', charset])('declared as %j', (declared) => {
    const { subject, text: body } = read(iconv.encode(start, charset), declared, bytes);
    expect(body).toBe(text);
    expect(subject).toBe(start);
  });
});

describe('declared wrongly', () => {
  test.each(['gbk', 'shift_jis', 'euc-kr', 'koi8-r', 'windows-1251', 'windows-1253', 'windows-874'])(
    '%s as Latin-1',
    (charset) => {
      const [name] = written.find(([, each]) => each === charset)!;
      expect(read(Buffer.from('x'), 'iso-8859-1', iconv.encode(texts[name], charset)).text).toBe(texts[name]);
    },
  );

  test.each(['gbk', 'big5', 'windows-1251', 'iso-8859-1'])('%s as UTF-8', (charset) => {
    const [name] = written.find(([, each]) => each === charset)!;
    expect(read(Buffer.from('x'), 'utf-8', iconv.encode(texts[name], charset)).text).toBe(texts[name]);
  });

  test.each(['big5', 'shift_jis', 'euc-jp', 'euc-kr', 'utf-8'])('%s as gb2312', (charset) => {
    const [name] = written.find(([, each]) => each === charset)!;
    expect(read(Buffer.from('x'), 'gb2312', iconv.encode(texts[name], charset)).text).toBe(texts[name]);
  });

  test('UTF-8 with one broken character stays UTF-8', () => {
    const bytes = Buffer.from(texts.simplified).subarray(0, -1);
    expect(read(Buffer.from('x'), 'utf-8', bytes).text).toBe(`${texts.simplified.slice(0, -1)}\uFFFD`);
  });
});

describe('undeclared Latin alphabets are told apart by how their letters stand', () => {
  const more: [string, string][] = [
    ['windows-1250', 'Proszę o pomoc. Ilość i wartość zamówienia są błędne, buty są zły rozmiar. Żółć!'],
    ['windows-1250', 'Dobrý den, boty mi nejsou, chtěl bych je vrátit. Zboží přišlo poškozené.'],
    ['windows-1252', 'Hola, ¿cuándo llega? ¡Gracias! El año pasado compré 25 m² de césped y 3 m³ de leña.'],
    ['windows-1252', 'Góðan daginn, skórnir passa ekki, ég vil skila þeim. Það væri gott að fá svar.'],
    ['windows-1252', 'Grüße aus Köln, die Straße heißt Äußere Höhe, größtmöglich. 20°C ±5 µm'],
  ];
  test.each(more)('%s: %s', (charset, text) => {
    expect(read(Buffer.from('x'), '', iconv.encode(text, charset)).text).toBe(text);
  });
});

test('a UTF-8 subject that was cut within a character stays UTF-8', () => {
  const cut = Buffer.from('测试').subarray(0, 5).toString('base64').replaceAll('=', '');
  expect(read(Buffer.from(`=?utf-8?B?${cut}?=`), '', Buffer.from('x')).subject).toBe('测\uFFFD');
});

describe('in seven bits', () => {
  const jis = Buffer.from('\u001b$B$*@$OC$K\u001b(B', 'latin1');
  test('ISO-2022-JP, declared or not, in subject and body', () => {
    for (const declared of ['iso-2022-jp', 'us-ascii', '']) {
      expect(read(jis, declared, jis)).toMatchObject({ subject: 'お世話に', text: 'お世話に' });
    }
  });

  test('HZ, declared or not', () => {
    const hz = Buffer.from('~{<:Ky2;S{#,NpJ)l6HK!#~}bye');
    for (const declared of ['hz-gb-2312', ''])
      expect(read(Buffer.from('x'), declared, hz).text).toBe('己所不欲，勿施於人。bye');
  });

  test('UTF-7 and ISO-2022-KR, declared', () => {
    expect(read(Buffer.from('x'), 'utf-7', Buffer.from('Hi +ZeVnLIqe-!')).text).toBe('Hi 日本語!');
    const korean = Buffer.from('\u001b$)C\u000e>H3g\u000f abc', 'latin1');
    expect(read(Buffer.from('x'), 'iso-2022-kr', korean).text).toBe('안녕 abc');
  });
});

test('windows-1252 has its own quotes and its euro, also when it calls itself Latin-1', () => {
  const bytes = Buffer.from([0x93, 0x80, 0x94, 0x20, 0x96, 0x85]);
  for (const declared of ['windows-1252', 'iso-8859-1'])
    expect(read(Buffer.from('x'), declared, bytes).text).toBe('“€” –…');
});
