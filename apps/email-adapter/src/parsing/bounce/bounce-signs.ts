import type { Classified } from '../automatic/classify.ts';
import { headerOf } from '../mime/part.ts';
import type { Part } from '../mime/part.ts';
import { findPart, returnedFollows } from './returned-mail.ts';
import { phrases } from '../phrases.ts';

/** Programs that return mail, by what they call themselves. */
const daemonAddress = phrases(
  [
    /mail(?:er)?[-_.]?(?:daemon|delivery|admin|system|gateway|error)/,
    /mdaemon/,
    /post[-_.]?master/,
    /post-?office/,
    /mail-?daemon/,
    /mail[-_.]?delivery[-_.]?(?:sub)?system/,
    /bounces?/,
    /mailerdaemon/,
    /daemon/,
    /mmdf/,
    /smtp[-_.]?(?:daemon|gateway|gw)/,
    /maildelivery/,
    /ndr/,
    /double-bounce/,
    /microsoftexchange[0-9a-f]{20,}/,
    /mailadmin/,
    /mail-system/,
    /no-?reply-bounce/,
    /returned?-mail/,
  ],
  { before: /^/, after: /(?:[-+_.=][^@]*)?(?:@|$)/, flags: 'i' },
);
const daemonName = phrases(
  [
    /mail(?:er)?[- ]?daemon/,
    /mail delivery (?:sub|agent|service)?s?y?s?t?e?m?/,
    /postmaster/,
    /delivery (?:sub)?system/,
    /delivery failure/,
    /mail administrator/,
    /mail system/,
    /system administrator/,
    /returned mail/,
    /microsoft outlook/,
    /internet mail delivery/,
    /mail gateway/,
    /邮件系统/,
    /系统退信/,
    /郵件系統/,
    /メール配信/,
    /メール送信エラー/,
  ],
  { flags: 'i' },
);

/** Subjects of programs. A person who answers or forwards such a mail writes `Re:` or `Fwd:` before it. */
const bounceSubject = phrases(
  [
    /(?:mail|message|email|e-mail)?[ -]?(?:undeliver(?:able|ed)|un-?deliverable|nicht zustellbar|unzustellbar|non remis|non recapitabile|no se puede entregar|no se puede entregar|não (?:é possível )?entreg(?:ue|ar)|onbestelbaar|niet-bestelbaar|nie można dostarczyć|niedostarczon|не ?доставлен|недоставленное)/,
    /delivery (?:status )?(?:notification|failure|failed|problem|error|report|status|has failed|to the following)/,
    /(?:mail|message|e-?mail) (?:delivery|delivering|delivered)? ?(?:fail|error|problem|status|could not|delayed|has failed|not|returned|undeliver|system error)/,
    /mail delivery/,
    /failure (?:notice|delivery)/,
    /failed (?:mail|delivery|to deliver)/,
    /returned (?:mail|message|e-?mail|to sender)/,
    /return(?:ed)? (?:mail|email|message)/,
    /non[- ]?(?:delivery|delivered|remis|livr)/,
    /ndn:/,
    /ndr:/,
    /undelivered/,
    /bounce/,
    /your (?:message|e-?mail|mail) (?:to|could|was|has|cannot|is|couldn)/,
    /(?:permanent|transient) (?:delivery )?(?:failure|error)/,
    /could not (?:send|deliver)/,
    /cannot (?:send|deliver)/,
    /can't (?:send|deliver)/,
    /couldn't (?:send|deliver)/,
    /unable to deliver/,
    /delayed(?: mail|:)/,
    /warning: (?:could not|message|mail)/,
    /rejected/,
    /automatically rejected mail/,
    /unknown user/,
    /user unknown/,
    /nondeliverable/,
    /(?:zustell|übermittl|unzustell)\S*/,
    /mail nicht/,
    /(?:échec|avis|message|notification) .{0,20}(?:remise|distribution|livraison|non)/,
    /(?:error|fallo|fracaso|mensaje|notificación) .{0,30}(?:entrega|envío|devuelto)/,
    /(?:mancata|errore|notifica|impossibile) .{0,30}(?:consegna|recapito|recapitare)/,
    /(?:falha|erro|notificação|aviso) .{0,30}(?:entrega|envio)/,
    /недостав/,
    /невозможн/,
    /ошибка доставки/,
    /отчет/,
    /уведомление о/,
    /退信/,
    /系统退信/,
    /来自.{1,60}的退信/,
    /退回/,
    /投递(?:失败|状态|错误)/,
    /(?:邮件|郵件|信件).{0,10}(?:退回|未送达|无法|失败|無法|失敗|未能|投递|遞送|传递)/,
    /无法(?:投递|送达|传递)/,
    /未(?:送达|送達|能送达|傳遞|传递)/,
    /配信(?:不能|エラー|失敗)/,
    /配送(?:不能|失敗|エラー)/,
    /メール(?:が|の|を)?.{0,10}(?:送信|配信|配送|届|返送|エラー)/,
    /送信(?:できま|エラー|失敗)/,
    /(?:宛先|あて先).{0,6}(?:不明|エラー)/,
    /エラーメール/,
    /반송/,
    /전송 ?실패/,
    /배달되지/,
    /전송할 수 없/,
    /배달 (?:실패|상태)/,
    /발송 ?실패/,
    /undeliv/,
    /mail could not/,
    /mailsystem/,
    /mail system error/,
    /message undelivered/,
    /considered/,
    /virus/,
    /smtp error/,
    /error (?:in|sending|delivering|from|mail)/,
    /problem delivering/,
    /\S{0,60}(?:mailbox|mail box) (?:is )?full/,
    /message status/,
    /message could/,
  ],
  { before: /^\s*(?:\[?(?:\*+|spam|external)\]?:?\s*)*/, flags: 'i' },
);
const replyOrForward = /^\s*(?:re|aw|sv|antw|fwd?|fw|wg|tr|rv|回复|答复|转发|回覆|轉寄)\s*[:：]/i;

/** Sentences of programs that return mail. */
const failureWords = phrases(
  [
    /(?:could|can|did|was|were|has|have|is)(?: ?not|n't|not) (?:be |been )?(?:successfully )?(?:deliver|sent|relay|reach|process)/,
    /undeliver/,
    /delivery (?:has )?(?:failed|to the following|failure|error|attempt|status|was|is|of)/,
    /failed to deliver/,
    /unable to deliver/,
    /permanent(?:ly)? (?:fatal |delivery )?(?:error|fail)/,
    /transient (?:non-fatal|error)/,
    /returned to (?:sender|you)/,
    /bounced/,
    /following (?:e-?mail )?(?:address|recipient)/,
    /did not reach/,
    /not been delivered/,
    /this is the (?:mail|qmail|postfix)/,
    /mail system/,
    /smtp error/,
    /rejected/,
    /(?:user|host|mailbox|recipient|address|domain) (?:unknown|not found)/,
    /unknown (?:user|recipient|host)/,
    /problem(?:s)? (?:delivering|sending)/,
    /\b[45]\d{2}[ -](?:#?[45]\.\d{1,3}\.\d{1,3}|[a-z<])/,
    /\b[45]\.\d\.\d{1,3}\b/,
    /zugestellt/,
    /zustellung/,
    /nicht erreicht/,
    /remis/,
    /distribué/,
    /entregado/,
    /entregar/,
    /entrega/,
    /consegnat/,
    /recapitat/,
    /entregue/,
    /доставлен/,
    /доставить/,
    /доставки/,
    /退信/,
    /退回/,
    /无法(?:投递|送达|发送|传递)/,
    /未能(?:送达|投递|发送)/,
    /無法(?:傳送|遞送|投遞)/,
    /投递失败/,
    /不存在/,
    /配信/,
    /送信でき/,
    /届け/,
    /届き/,
    /送れません/,
    /エラー/,
    /반송/,
    /전달되지/,
    /배달/,
  ],
  { flags: 'i' },
);
const diagnosticWords = phrases(
  [
    /(?:^|[\s:(<"'>])(?:5\d{2}|4\d{2})[ -](?:#?[45]\.\d{1,3}\.\d{1,3}|\S)/,
    /\b[45]\.\d\.\d{1,2}\b/,
    /status: ?[45]\./,
    /user (?:unknown|not found)/,
    /unknown user/,
    /host (?:unknown|not found)/,
    /unrouteable/,
    /mailbox (?:is )?full/,
    /remote host said/,
    /while talking to/,
    /transcript of session/,
    /recipient(?:'s)? (?:address )?(?:rejected|not)/,
  ],
  { flags: 'im' },
);

/** Whether a mail without a delivery report is a bounce all the same: what speaks for it is added up. */
export function looksReturned(mail: Classified): boolean {
  if (headerOf(mail.root, 'x-failed-recipients') !== undefined || isListRefusal(mail)) return true;
  const { sender, nullPath, answered, named, failure, diagnostic, certain, returned } = signsOf(mail);
  const score = sum([
    [sender, 3],
    [nullPath, 1],
    [named, 2],
    [failure, 1],
    [diagnostic, 1],
    [certain, 2],
    [returned, 1],
    [answered && !sender, -4],
  ]);
  return (
    score >= 5 &&
    (named || failure || diagnostic || certain) &&
    (sender || nullPath || ((named || certain) && diagnostic && returned))
  );
}

const sum = (signs: [boolean, number][]) =>
  signs.reduce((total, [sign, weight]) => total + (sign ? weight : 0), 0);

function signsOf({ root, reader, text, subject, from }: Classified) {
  const words = text.slice(0, 20_000);
  const path = headerOf(root, 'return-path')?.replaceAll(/[<>\s]/g, '');
  const answered = replyOrForward.test(subject);
  return {
    sender:
      isDaemon(from.address) ||
      daemonName.test(from.name.slice(0, 200)) ||
      isDaemon(reader.text(headerOf(root, 'from')).slice(0, 200)) ||
      isDaemon(path ?? ''),
    nullPath: path === '',
    answered,
    named: !answered && bounceSubject.test(subject.slice(0, 300)),
    failure: failureWords.test(words),
    diagnostic: diagnosticWords.test(words),
    certain: certainWords.test(words),
    returned: returnsMail(root, words),
  };
}

const returnsMail = (root: Part, words: string) =>
  (root.children.length > 0 &&
    findPart(root, ({ type }) => type === 'message/rfc822' || type === 'text/rfc822-headers') !==
      undefined) ||
  words.split('\n').some((line) => line.length < 200 && returnedFollows.test(line)) ||
  /^message-id:/im.test(words);

const isDaemon = (address: string) => daemonAddress.test(address.slice(0, 320));

/** Sentences that only programs write. */
const certainWords = phrases(
  [
    /could not be delivered to: ?</,
    /your mail sent on:/,
    /the user\(s\) account is/,
    /i'm sorry to have to inform you/,
    /created automatically by mail delivery software/,
    /qmail-send program/,
    /the following address(?:\(es\)|es)? failed/,
    /unable to deliver (?:your )?message to the following/,
    /delivery to the following recipients? (?:failed|has been)/,
    /error message below:\s{1,4}5\d\d/,
    /had permanent (?:fatal|delivery) errors/,
    /this is the (?:postfix|mail system|sendmail)/,
    /did not reach (?:some or all|the following)/,
  ],
  { flags: 'i' },
);

/** Mailing list programs refuse posts in their own name (fml, majordomo). */
const isListRefusal = ({ root, subject, text }: Classified): boolean =>
  (headerOf(root, 'x-mlserver') !== undefined ||
    /-admin@|-owner@|majordomo@/i.test(headerOf(root, 'from') ?? '')) &&
  /not (?:a )?member|duplicated message-id|loop alert|rejected|reject|not deliverable|ml command/i.test(
    subject.slice(0, 300),
  ) &&
  /not a member of|original mail as follows|duplicated message-id|rejected/i.test(text.slice(0, 4000));
