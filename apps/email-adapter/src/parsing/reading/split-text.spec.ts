import { describe, expect, jest, test } from '@jest/globals';
import { splitText } from './split-text.ts';
import type { SplitOptions } from './split-text.ts';

jest.setTimeout(120_000);

const split = (text: string, options?: SplitOptions) => splitText(text.split('\n'), options);

/** What a client puts below an answer. Above it `NEW` is written; all of it must be taken for quoted. */
const below: Record<string, string> = {
  QQ: '------------------ 原始邮件 ------------------\n发件人: "客服" <s@example.cn>;\n发送时间: 2024年3月4日(星期一) 上午10:12\n收件人: "我" <a@qq.com>;\n主题: 您的订单\n\n您好，订单已发货。',
  'QQ in English':
    '------------------&nbsp;Original&nbsp;------------------\nFrom: "s" <s@example.cn>;\nDate: Mon, Mar 4, 2024 10:12 AM\nTo: "a" <a@qq.com>;\nSubject: order\n\nshipped',
  '163 without marks': '在 2024-03-04 10:12:00，"客服" <s@example.cn> 写道：\n您好，订单已发货。',
  '163 in English': 'At 2024-03-04 10:12:00, "s" <s@example.cn> wrote:\n>shipped',
  '163 on a phone':
    '---- 回复的原邮件 ----\n发件人 客服<s@example.cn>\n发送日期 2024年03月04日 10:12\n收件人 a@163.com\n主题 订单\n已发货',
  '163 on a phone, in English':
    '---- Replied Message ----\nFrom s<s@example.cn>\nDate 03/4/2024 10:12\nTo a@163.com\nSubject order\nshipped',
  '163 master': '在2024年03月04日 10:12，客服<s@example.cn>写道：\n已发货',
  Foxmail: ' \n发件人： 客服\n发送时间： 2024-03-04 10:12\n收件人： a\n主题： 订单\n您好，已发货。',
  Aliyun:
    '------------------------------------------------------------------\n发件人：客服 <s@example.cn>\n发送时间：2024年3月4日(星期一) 10:12\n收件人：我 <a@aliyun.com>\n主　题：订单\n\n已发货',
  Sina: '----- 原始邮件 -----\n发件人：s@example.cn\n收件人：a@sina.com\n主题：订单\n日期：2024年03月04日 10点12分\n\n已发货',
  'Outlook in Chinese':
    '________________________________\n发件人: 客服 <s@example.cn>\n发送时间: 2024年3月4日 10:12\n收件人: 我 <a@outlook.com>\n主题: 订单\n\n已发货',
  'Outlook for Mac in Chinese':
    '发件人: 客服 <s@example.cn>\n日期: 星期一, 2024年3月4日 10:12\n收件人: 我 <a@outlook.com>\n主题: 订单\n已发货',
  'Outlook in traditional Chinese':
    '寄件者: 客服 <s@example.tw>\n寄件日期: 2024年3月4日 上午 10:12\n收件者: a@outlook.com\n主旨: 訂單\n\n已出貨',
  'Gmail in Chinese': '客服 <s@example.cn> 于2024年3月4日周一 10:12写道：\n\n> 已发货',
  'Gmail in Chinese, wrapped':
    '客服 <service-department@example.cn>\n于2024年3月4日周一 10:12写道：\n\n> 已发货',
  'Gmail in traditional Chinese': '客服 <s@example.tw> 於 2024年3月4日 週一 上午10:12寫道：\n\n> 已出貨',
  'Apple in Chinese': '> 在 2024年3月4日，10:12，客服 <s@example.cn> 写道：\n> \n> 已发货',
  'Apple in Chinese, unmarked': '在 2024年3月4日，10:12，客服 <s@example.cn> 写道：\n\n已发货',
  Gmail: 'On Mon, Mar 4, 2024 at 10:12 AM Service <s@example.com> wrote:\n\n> Your order\n> was shipped.',
  'Gmail, wrapped twice':
    'On Mon, Mar 4, 2024 at 10:12 AM The Very Long Service Department\n<the-very-long-service@example.com>\nwrote:\n\n> shipped',
  'Gmail of old, without the address': '2016-03-03 17:21 GMT+01:00 Service\n\nshipped',
  'a client that quotes with bars': '2024/3/4 Service <s@example.com>\n\n| shipped\n|\n| today\n|',
  Outlook:
    'From: Service <s@example.com>\nSent: Monday, March 4, 2024 10:12 AM\nTo: Ann <a@example.org>\nCc: Bob <b@example.org>\nSubject: Your order\n\nIt was shipped.',
  'Outlook with bold labels':
    '*From:* Service [mailto:s@example.com]\n*Sent:* Monday, March 4, 2024 10:12 AM\n*To:* Ann\n*Subject:* Your order\n\nIt was shipped.',
  'Outlook of old':
    '-----Original Message-----\nFrom: Service [mailto:s@example.com]\nSent: Monday, March 4, 2024 10:12 AM\nTo: Ann\nSubject: Your order\n\nIt was shipped.',
  'Outlook of old, quoting': '> -----Original Message-----\n> From: s@example.com\n> shipped',
  Thunderbird: 'On 04/03/2024 10:12, Service wrote:\n> shipped',
  Yahoo: 'On Monday, 4 March 2024 at 10:12:00 GMT, Service <s@example.com> wrote:\n\n shipped',
  Proton:
    '-------- Original Message --------\nOn 4 Mar 2024, 10:12, Service < s@example.com> wrote:\n\n> shipped',
  'Proton of old':
    '‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, March 4, 2024 10:12 AM, Service <s@example.com> wrote:\n\n> shipped',
  Zoho: '---- On Mon, 04 Mar 2024 10:12:00 +0000 Service <s@example.com> wrote ----\n\n shipped',
  Notes: 'Service/Shop wrote on 03/04/2024 10:12:00 AM:\n\n> shipped',
  'a name before marks': 'Service wrote:\n> shipped',
  'a ticket system': '##- Please type your reply above this line -##\n\nYour request was updated.',
  'Gmail in German': 'Am Mo., 4. März 2024 um 10:12 Uhr schrieb Service <s@example.de>:\n\n> versandt',
  'Thunderbird in German': 'Am 04.03.2024 um 10:12 schrieb Service:\n> versandt',
  'Outlook in German':
    'Von: Service <s@example.de>\nGesendet: Montag, 4. März 2024 10:12\nAn: Ann <a@example.org>\nBetreff: Ihre Bestellung\n\nversandt',
  GMX: 'Gesendet: Montag, 04. März 2024 um 10:12 Uhr\nVon: "Service" <s@example.de>\nAn: a@gmx.de\nBetreff: Ihre Bestellung\nversandt',
  'T-Online':
    '-----Original-Nachricht-----\nBetreff: Ihre Bestellung\nDatum: 2024-03-04T10:12:00+0100\nVon: "Service" <s@example.de>\nAn: "a@t-online.de" <a@t-online.de>\n\nversandt',
  'Gmail in French': 'Le lun. 4 mars 2024 à 10:12, Service <s@example.fr> a écrit :\n\n> expédiée',
  'Outlook in French':
    'De : Service <s@example.fr>\nEnvoyé : lundi 4 mars 2024 10:12\nÀ : Ann <a@example.org>\nObjet : Votre commande\n\nexpédiée',
  'Gmail in Spanish': 'El lun, 4 mar 2024 a las 10:12, Service (<s@example.es>) escribió:\n\n> enviado',
  'Outlook in Spanish':
    'De: Service <s@example.es>\nEnviado: lunes, 4 de marzo de 2024 10:12\nPara: Ann <a@example.org>\nAsunto: Su pedido\n\nenviado',
  'Gmail in Italian':
    'Il giorno lun 4 mar 2024 alle ore 10:12 Service <s@example.it> ha scritto:\n\n> spedito',
  'Outlook in Italian':
    'Da: Service <s@example.it>\nInviato: lunedì 4 marzo 2024 10:12\nA: Ann <a@example.org>\nOggetto: Il suo ordine\n\nspedito',
  'Gmail in Portuguese': 'Service <s@example.br> escreveu (segunda, 4/03/2024 à(s) 10:12):\n\n> enviado',
  'Gmail in Brazil': 'Em seg., 4 de mar. de 2024 às 10:12, Service <s@example.br> escreveu:\n\n> enviado',
  'Outlook in Portuguese':
    'De: Service <s@example.br>\nEnviado: segunda-feira, 4 de março de 2024 10:12\nPara: Ann <a@example.org>\nAssunto: Seu pedido\n\nenviado',
  'Gmail in Dutch': 'Op ma 4 mrt 2024 om 10:12 schreef Service <s@example.nl>:\n\n> verzonden',
  'Apple in Dutch':
    'Op 4 mrt 2024, om 10:12 heeft Service <s@example.nl> het volgende geschreven:\n\nverzonden',
  'Outlook in Dutch':
    'Van: Service <s@example.nl>\nVerzonden: maandag 4 maart 2024 10:12\nAan: Ann <a@example.org>\nOnderwerp: Uw bestelling\n\nverzonden',
  'Gmail in Polish': 'pon., 4 mar 2024 o 10:12 Service <s@example.pl> napisał(a):\n\n> wysłane',
  'Thunderbird in Polish': 'W dniu 4.03.2024 o 10:12, Service pisze:\n> wysłane',
  'Outlook in Polish':
    'Od: Service <s@example.pl>\nWysłano: poniedziałek, 4 marca 2024 10:12\nDo: Ann <a@example.org>\nTemat: Zamówienie\n\nwysłane',
  'Gmail in Russian': 'пн, 4 мар. 2024 г. в 10:12, Service <s@example.ru>:\n\n> отправлено',
  'Mail.ru': 'Понедельник, 4 марта 2024, 10:12 +03:00 от Service <s@example.ru>:\n\n>отправлено',
  Yandex: '04.03.2024, 10:12, "Service" <s@example.ru>:\n\nотправлено',
  'Apple in Russian': '4 марта 2024 г., в 10:12, Service <s@example.ru> написал(а):\n\nотправлено',
  'Outlook in Russian':
    'От: Service <s@example.ru>\nОтправлено: понедельник, 4 марта 2024 г. 10:12\nКому: Ann <a@example.org>\nТема: Заказ\n\nотправлено',
  'Gmail in Japanese': '2024年3月4日(月) 10:12 サービス <s@example.jp>:\n\n> 発送しました',
  'Apple in Japanese': '2024/03/04 10:12、サービス <s@example.jp>のメール:\n\n発送しました',
  'Outlook in Japanese':
    '差出人: サービス <s@example.jp>\n送信日時: 2024年3月4日月曜日 10:12\n宛先: Ann <a@example.org>\n件名: ご注文\n\n発送しました',
  'Gmail in Korean': '2024년 3월 4일 (월) 오전 10:12, 서비스 <s@example.kr>님이 작성:\n\n> 발송했습니다',
  'Outlook in Korean':
    '보낸 사람: 서비스 <s@example.kr>\n보낸 날짜: 2024년 3월 4일 월요일 오전 10:12\n받는 사람: Ann <a@example.org>\n제목: 주문\n\n발송했습니다',
  'Gmail in Swedish': 'Den mån 4 mars 2024 kl 10:12 skrev Service <s@example.se>:\n\n> skickat',
  'Outlook in Swedish':
    'Från: Service <s@example.se>\nSkickat: den 4 mars 2024 10:12\nTill: Ann <a@example.org>\nÄmne: Beställning\n\nskickat',
  'Gmail in Danish': 'Den man. 4. mar. 2024 kl. 10.12 skrev Service <s@example.dk>:\n\n> sendt',
  'Outlook in Norwegian':
    'Fra: Service <s@example.no>\nSendt: mandag 4. mars 2024 10:12\nTil: Ann <a@example.org>\nEmne: Bestilling\n\nsendt',
  'Gmail in Finnish': 'ma 4. maalisk. 2024 klo 10.12 Service (s@example.fi) kirjoitti:\n\n> lähetetty',
  'Gmail in Czech': 'po 4. 3. 2024 v 10:12 odesílatel Service <s@example.cz> napsal:\n\n> odesláno',
  'Gmail in Turkish': 'Service <s@example.tr>, 4 Mar 2024 Pzt, 10:12 tarihinde şunu yazdı:\n\n> gönderildi',
  'Gmail in Hungarian': 'Service <s@example.hu> ezt írta (időpont: 2024. márc. 4., H, 10:12):\n\n> elküldve',
  'Gmail in Vietnamese': 'Vào Th 2, 4 thg 3, 2024 vào lúc 10:12 Service <s@example.vn> đã viết:\n\n> đã gửi',
};

describe('what a client quotes below an answer', () => {
  test.each(Object.entries(below))('%s', (_, quote) => {
    const text = `First line.\n\nSecond line.\n\n${quote}`;
    const { visible, quoted, forward } = split(text, { subject: 'Re: order' });
    expect(visible).toBe('First line.\n\nSecond line.');
    expect(quoted.replaceAll(/\s/g, '')).toBe(quote.replaceAll(/\s/g, ''));
    expect(forward).toBe(false);
  });
});

describe('what is written stays in sight', () => {
  test('below a quote', () => {
    expect(
      split('On Mon, 4 Mar 2024 at 10:12, S <s@example.com> wrote:\n> Which colour?\n\nRed, please.').visible,
    ).toBe('Red, please.');
  });

  test('between quoted lines', () => {
    const text =
      'On Mon, 4 Mar 2024 at 10:12, S <s@example.com> wrote:\n> Which colour?\n\nRed.\n\n> Which size?\n\nLarge.';
    expect(split(text)).toMatchObject({
      visible: 'Red.\n\nLarge.',
      quoted: 'On Mon, 4 Mar 2024 at 10:12, S <s@example.com> wrote:\n> Which colour?\n\n> Which size?',
    });
  });

  test.each([
    'From: Shanghai\nTo: Beijing\nTwo boxes, please.',
    'He wrote: it never came.',
    'On Monday I wrote to you:\nno answer.',
    'The date: 4 March\nThe subject: my order',
    '我在3月4日写道：没有收到。',
    '时间：明天\n地点：上海',
    'Is this right?\n-----\nNo.',
  ])('%j', (text) => {
    expect(split(text)).toEqual({ visible: text, quoted: '', forward: false });
  });

  test('of a forward', () => {
    const text =
      'See below.\n\n---------- Forwarded message ---------\nFrom: Bob <b@example.org>\nDate: Mon, Mar 4, 2024\nSubject: broken\nTo: <a@example.org>\n\nIt is broken.';
    expect(split(text)).toEqual({ visible: text, quoted: '', forward: true });
  });

  test('of a forward that only the subject tells from an answer', () => {
    const text =
      '请看下面。\n\n发件人: 张三 <z@example.cn>\n发送时间: 2024年3月4日 10:12\n收件人: 我 <a@example.cn>\n主题: 坏了\n\n坏了。';
    expect(split(text, { subject: '转发: 坏了' })).toEqual({ visible: text, quoted: '', forward: true });
    expect(split(text, { subject: '回复: 坏了' }).visible).toBe('请看下面。');
  });

  test('of a mail that only quotes, without marks, since an answer may stand in it', () => {
    const text =
      'From: S <s@example.com>\nSent: Monday, March 4, 2024 10:12 AM\nTo: a@example.org\nSubject: order\n\nWhich colour? RED';
    expect(split(text).visible).toBe(text);
  });

  test('of a mail that is a signature alone', () => {
    expect(split('Sent from my iPhone').visible).toBe('Sent from my iPhone');
  });
});

describe('a signature', () => {
  test.each([
    '-- \nAnn\nShop Ltd.',
    'Sent from my iPhone',
    'Get Outlook for iOS<https://aka.ms/o0ukef>',
    '发自我的iPhone',
    '发自我的 iPhone',
    '從我的iPhone傳送',
    '发自我的华为手机',
    '来自我的小米手机',
    '发送自 Windows 10 版邮件应用',
    'Von meinem iPhone gesendet',
    'Diese Nachricht wurde von meinem Android-Mobiltelefon mit K-9 Mail gesendet.',
    'Envoyé de mon iPhone',
    'Enviado desde mi iPhone',
    'Enviado do meu iPhone',
    'Inviato da iPhone',
    'Verstuurd vanaf mijn iPhone',
    "Wysłane z iPhone'a",
    'Отправлено с iPhone',
    'iPhoneから送信',
    '나의 iPhone에서 보냄',
    'Skickat från min iPhone',
    'Sendt fra min iPhone',
    'Lähetetty iPhonesta',
    'Sent from Yahoo Mail on Android',
    'Sent with Proton Mail secure email.',
    'Sent from my Fairphone 5',
    'Sent from Mailbox for iPad',
    'Get [Outlook for Android](https://aka.ms/ghei36)',
    'Get Outlook for iOShttps://aka.ms/o0ukef',
    '--',
    '=====',
    '\u1427',
  ])('%j goes with the quote', (signature) => {
    const { visible, quoted } = split(
      `Thank you.\n\n${signature}\n\nOn Mon, 4 Mar 2024 at 10:12, S <s@example.com> wrote:\n> order`,
    );
    expect(visible).toBe('Thank you.');
    expect(quoted.startsWith(signature)).toBe(true);
  });

  test('of Foxmail is the own address', () => {
    expect(
      split(
        '好的。\n\n\na@foxmail.com\n\n发件人： 客服\n发送时间： 2024-03-04 10:12\n收件人： a\n主题： 订单\n您好',
        { from: 'a@foxmail.com' },
      ).visible,
    ).toBe('好的。');
  });

  test.each([
    'Sent from Shanghai last week, still not here.',
    '发自内心的感谢你们的帮助，客服很好。',
    'Sent from the warehouse?',
    'Sent from my desk, is much easier than my mobile phone.',
  ])('%j is none', (line) => {
    expect(split(`Hello.\n${line}`).visible).toBe(`Hello.\n${line}`);
  });
});

test('visible and quoted hold every word', () => {
  for (const quote of Object.values(below)) {
    const text = `Above.\n${quote}\n\nBelow.\n-- \nAnn`;
    const { visible, quoted } = split(text);
    const words = (each: string) => each.split(/\s+/).filter(Boolean).toSorted();
    expect(words(`${visible} ${quoted}`)).toEqual(words(text));
  }
});

test('a megabyte of one line, and of the beginnings of quotes, is read in one pass', () => {
  const nasty = ['On ', 'schrieb ', '<a@', '- ', '_ ', '> ', '写道', 'From: ', '2024-03-04 '];
  for (const piece of nasty) {
    const line = piece.repeat(1_000_000 / piece.length);
    expect(split(`${line}:\n${line}`).visible.length + split(line).quoted.length).toBeGreaterThan(0);
    const short = `${piece.repeat(8)}:\n`.repeat(20_000);
    expect(split(short).visible.length + split(short).quoted.length).toBeGreaterThan(0);
  }
});
