import type { Classified } from './classify.ts';
import type { MailAuto } from '../mail-payload.ts';
import { headerOf } from '../mime/part.ts';
import { findPart } from '../bounce/returned-mail.ts';
import { phrases } from '../phrases.ts';

/** What subjects of automatic replies begin with, in the languages of the clients that write them. */
const vacationSubject = phrases(
  [
    /auto(?:matic(?:ally)?)?[- ]?(?:reply|re|response|responder|generated|answer|acknowledg\S*)/,
    /automatic reply/,
    /autoreply/,
    /autorespond/,
    /auto:/,
    /out[- ]of[- ](?:the[- ])?office/,
    /ooo\b/,
    /away from/,
    /i(?:'m| am) (?:away|out|on (?:holiday|vacation|leave))/,
    /on (?:vacation|holiday|leave)/,
    /vacation/,
    /abwesend/,
    /abwesenheit/,
    /automatische (?:antwort|nachricht)/,
    /autom\. antwort/,
    /ich bin (?:nicht im|im urlaub|derzeit)/,
    /réponse automatique/,
    /message automatique/,
    /absen(?:ce|t)/,
    /(?:je suis )?en congé/,
    /respuesta automática/,
    /respuesta autom/,
    /fuera de (?:la )?oficina/,
    /ausente/,
    /risposta automatica/,
    /fuori (?:sede|ufficio)/,
    /assen(?:te|za)/,
    /resposta automática/,
    /fora do escritório/,
    /ausência/,
    /automatisch antwoord/,
    /afwezig/,
    /niet aanwezig/,
    /autosvar/,
    /automatiskt svar/,
    /automatisk svar/,
    /frånvaro/,
    /fraværende/,
    /ikke på kontoret/,
    /automaattinen vastaus/,
    /poissa/,
    /automatyczna odpowiedź/,
    /autoodpowied/,
    /poza biurem/,
    /nieobecno/,
    /automatická odpověď/,
    /mimo kancelář/,
    /automatická odpoveď/,
    /automatikus válasz/,
    /házon kívül/,
    /răspuns automat/,
    /otomatik yanıt/,
    /ofis dışında/,
    /αυτόματη απάντηση/,
    /автоответ/,
    /автоматический ответ/,
    /отсутств/,
    /вне офиса/,
    /автоматична відповідь/,
    /自动(?:回复|答复|应答)/,
    /自動(?:回覆|回复|答覆|返信|応答|送信)/,
    /外出/,
    /休假/,
    /不在(?:通知|連絡)?/,
    /(?:休暇|不在)/,
    /부재중/,
    /자동 ?(?:회신|응답|답장)/,
    /trả lời tự động/,
    /balasan otomatis/,
    /ตอบกลับอัตโนมัติ/,
    /תשובה אוטומטית/,
    /الرد التلقائي/,
    /رد تلقائي/,
  ],
  { before: /^\s*/, flags: 'i' },
);
const vacationAnywhere = phrases(
  [
    /out of (?:the )?office/,
    /auto(?:matic)?[- ]?(?:reply|response)/,
    /abwesenheit/,
    /自动回复/,
    /自動回覆/,
    /自動返信/,
    /vacation (?:reply|message|notice)/,
    /automatische antwort/,
    /réponse automatique/,
    /автоответ/,
  ],
  { flags: 'i' },
);
const vacationWords = phrases(
  [
    /out of (?:the )?office/,
    /on (?:vacation|holiday|leave|maternity|annual)/,
    /away from (?:the |my )?(?:office|desk|e-?mail)/,
    /i (?:am|will be) (?:away|out|back|unavailable|travell?ing|absent)/,
    /returning on/,
    /limited access to (?:my )?e-?mail/,
    /(?:automatic|automated|auto)[- ](?:reply|response|message)/,
    /no longer (?:work|with|employed)/,
    /nicht im (?:haus|büro)/,
    /im urlaub/,
    /abwesend/,
    /nicht erreichbar/,
    /en congé/,
    /absent/,
    /en vacances/,
    /fuera de la oficina/,
    /vacaciones/,
    /assente/,
    /in ferie/,
    /férias/,
    /ausente/,
    /afwezig/,
    /vakantie/,
    /urlop/,
    /nieobecn/,
    /отпуск/,
    /отсутств/,
    /休假/,
    /外出/,
    /不在/,
    /出差/,
    /自动回复/,
    /自動/,
    /休暇/,
    /부재/,
    /휴가/,
  ],
  { flags: 'i' },
);

/** Whether an automatic reply, or a list's mail, stands before us. What is neither may still be a person's. */
export function autoOf(mail: Classified): MailAuto {
  if (isAutoReply(mail)) return 'auto-reply';
  return isList(mail) ? 'list' : false;
}

/** A vacation note, as the bounce's rules must know it: some come from the null address, as bounces do. */
export function isVacation(mail: Classified): boolean {
  const auto = headerOf(mail.root, 'auto-submitted')?.toLowerCase() ?? '';
  const subject = mail.subject.slice(0, 300);
  if (vacationSubject.test(subject)) return true;
  return (
    (auto.startsWith('auto-replied') && /vacation/.test(auto)) ||
    (headerOf(mail.root, 'x-autoreply') !== undefined && vacationWords.test(mail.text.slice(0, 3000)))
  );
}

function isAutoReply(mail: Classified): boolean {
  const { root, subject } = mail;
  const header = (name: string) => headerOf(root, name)?.trim().toLowerCase();
  if (isReport(mail)) return true;
  const submitted = header('auto-submitted');
  if (submitted !== undefined && submitted !== '' && !/^no\b/.test(submitted)) {
    // RFC 3834: auto-generated is what nobody asked for, such as a newsletter; a list's mail is called that first.
    return !(submitted.startsWith('auto-generated') && isList(mail));
  }
  if (replyHeaders.some((name) => isYes(header(name)))) return true;
  if (/^(?:auto[-_ ]?reply|auto[-_ ]?response|auto)/.test(header('precedence') ?? '')) return true;
  if (
    /vacation|autorespon|auto-?repl|out of office/.test(
      `${header('x-mailer') ?? ''} ${header('x-apple-action') ?? ''}`,
    )
  )
    return true;
  return isVacationByWords(mail, subject.slice(0, 300));
}

const replyHeaders = [
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'x-auto-reply',
  'x-autoreply-from',
  'x-autoreply-domain',
  'x-autogenerated',
  'x-mail-autoreply',
  'x-vacation',
  'x-facebook-notify-autoreply',
  'x-exchange-auto-reply',
  'auto-reply',
  'x-cron-env',
  'x-hmxmroriginalrecipient',
];
const isYes = (value: string | undefined) => value !== undefined && !/^(?:no|false|0|none)$/.test(value);

/** Delivery reports of success, read receipts and complaints are sent by programs too. */
const isReport = ({ root }: Classified) =>
  root.type === 'multipart/report' ||
  findPart(
    root,
    ({ type }) =>
      type === 'message/disposition-notification' ||
      type === 'message/delivery-status' ||
      type === 'message/feedback-report',
  ) !== undefined;

/** Words alone never make a vacation note: a person may write about one. */
function isVacationByWords({ root, text, from }: Classified, subject: string): boolean {
  const suppressed = isYes(headerOf(root, 'x-auto-response-suppress')?.trim().toLowerCase());
  const begins = vacationSubject.test(subject);
  const path = headerOf(root, 'return-path');
  const evidence = [
    suppressed,
    path !== undefined && path.replaceAll(/[<>\s]/g, '') === '',
    /bulk|junk|auto/i.test(headerOf(root, 'precedence') ?? ''),
    /^(?:no-?reply|do-?not-?reply|auto|vacation|mailer-daemon|postmaster)/i.test(from.address),
    headerOf(root, 'x-loop') !== undefined,
    vacationWords.test(text.slice(0, 4000)),
  ].filter(Boolean).length;
  if (begins) return evidence > 0;
  return vacationAnywhere.test(subject) && evidence > 1;
}

function isList({ root }: Classified): boolean {
  const has = (name: string) => (headerOf(root, name)?.trim() ?? '') !== '';
  if (
    has('list-id') ||
    has('list-unsubscribe') ||
    has('list-post') ||
    has('x-mailing-list') ||
    has('mailing-list') ||
    has('x-list-id') ||
    has('x-mailinglist') ||
    has('list-help') ||
    has('x-campaign') ||
    has('x-campaignid') ||
    has('feedback-id')
  )
    return true;
  return /^(?:bulk|list|junk)\b/i.test(headerOf(root, 'precedence')?.trim() ?? '');
}
