import { describe, expect, it } from '@jest/globals';
import { aConversation, anEntry } from '../../../testing/a-desk.ts';
import { aMailPayload } from '../../../testing/a-mail.ts';
import { quotationOf } from './quotation.ts';
import { answeredMail, ownAddresses, replyDefaults } from './reply-defaults.ts';

const conversation = aConversation({ channel: 'email', address: 'lin@example.com', subject: '订单 12' });
const shop = { name: '山岚茶舍', address: 'Support+k3x@shop.example' };
const wang = { name: '王先生', address: 'wang@example.com' };
const mail = (seq: number, given: object) =>
  anEntry({ seq, payload: aMailPayload({ to: [shop], ...given }), text: '什么时候发货？' });
const own = ownAddresses(['support@shop.example'], []);
const namesOf = (people: readonly { address: string }[]) => people.map(({ address }) => address);

describe('replyDefaults', () => {
  it('answers everybody but ourselves, under the subject', () => {
    const entries = [mail(1, { to: [shop, wang], cc: [{ name: '', address: 'lin@example.com' }] })];
    const { to, cc, subject } = replyDefaults(entries, conversation, own);
    expect(namesOf(to)).toEqual(['lin@example.com']);
    expect(namesOf(cc)).toEqual(['wang@example.com']);
    expect(subject).toBe('Re: 订单 12');
  });

  it('goes where the sender wants replies', () => {
    const entries = [mail(1, { replyTo: [{ name: '', address: 'orders@example.com' }] })];
    expect(namesOf(replyDefaults(entries, conversation, own).to)).toEqual(['orders@example.com']);
  });

  it('goes on with whom our own last mail went to', () => {
    const ours = anEntry({
      seq: 2,
      direction: 'out',
      payload: { mail: { to: [], cc: [wang], subject: 'Re: 发票' } },
    });
    const { to, cc, subject } = replyDefaults([mail(1, {}), ours], conversation, own);
    expect([namesOf(to), namesOf(cc), subject]).toEqual([
      ['lin@example.com'],
      ['wang@example.com'],
      'Re: 发票',
    ]);
  });

  it('knows a customer of whom no mail is loaded', () => {
    expect(replyDefaults([], conversation, own)).toMatchObject({
      to: [{ name: '林晓雯', address: 'lin@example.com' }],
      subject: 'Re: 订单 12',
    });
  });
});

describe('ownAddresses', () => {
  it('goes by what the mailbox shows, domains and tokens too', () => {
    const is = ownAddresses(['support@shop.example', '*@tea.example'], []);
    expect(['support+abc@SHOP.example', 'anyone@tea.example', 'lin@example.com'].map(is)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('else by who got all of the customer’s mails', () => {
    const is = ownAddresses([], [mail(1, { to: [wang, shop] }), mail(2, { to: [shop] })]);
    expect([shop.address, wang.address].map(is)).toEqual([false, false]);
    const plain = { name: '', address: 'support@shop.example' };
    const again = ownAddresses([], [mail(1, { to: [wang, plain] }), mail(2, { to: [plain] })]);
    expect([plain.address, wang.address].map(again)).toEqual([true, false]);
  });
});

it('quotes all of what is answered, without its images and without letting it become markup', () => {
  const entry = mail(1, { text: '一\n> 二 <b>', html: null });
  const answered = answeredMail([entry], conversation)!;
  expect(quotationOf(answered, 'Ann <a@b.cn> wrote:')).toEqual({
    text: 'Ann <a@b.cn> wrote:\n> 一\n>> 二 <b>',
    html: '<div>Ann &lt;a@b.cn&gt; wrote:</div><blockquote type="cite">一<br>&gt; 二 &lt;b&gt;</blockquote>',
  });
  const rich = answeredMail([mail(1, { html: '<p>A<img src="cid:1"></p>' })], conversation)!;
  expect(quotationOf(rich, 'x').html).toContain('<p>A</p>');
});
