import type { MailBounce } from '@yixian/contracts';

/** A mail as one kind of server writes it, and what must be told of it: null for a mail that is no bounce. */
export interface BounceSample {
  system: string;
  mail: string;
  told: Pick<MailBounce, 'kind' | 'reason' | 'recipient'> | null;
}

const RETURNED = `Received: from shop.example.com by relay.example.net; Mon, 4 Mar 2024 10:12:00 +0000
Message-ID: <order-17@shop.example.com>
From: Shop <service@shop.example.com>
To: Li Lei <lilei@customer.example>
Subject: Your order

Dear customer`;

const head = (from: string, subject: string, more = '') =>
  `Return-Path: <>\nFrom: ${from}\nTo: service@shop.example.com\nSubject: ${subject}\nDate: Mon, 4 Mar 2024 10:13:00 +0000\n${more}`;

/** A report in the form of RFC 3464. */
const report = (from: string, subject: string, words: string, status: string) =>
  `${head(from, subject)}MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B"

--B
Content-Type: text/plain; charset=utf-8

${words}
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.net

${status}
--B
Content-Type: message/rfc822

${RETURNED}
--B--
`;

const plain = (from: string, subject: string, words: string, more = '') =>
  `${head(from, subject, more)}Content-Type: text/plain; charset=utf-8\n\n${words}\n`;

const hard = (reason: string) => ({ kind: 'hard' as const, reason, recipient: 'lilei@customer.example' });
const soft = (reason: string) => ({ kind: 'soft' as const, reason, recipient: 'lilei@customer.example' });

const recipient = (action: string, status: string, diagnostic: string) =>
  `Final-Recipient: rfc822; lilei@customer.example\nAction: ${action}\nStatus: ${status}\nDiagnostic-Code: smtp; ${diagnostic}`;

const postfix = (status: string, diagnostic: string, action = 'failed') =>
  report(
    'MAILER-DAEMON@relay.example.net (Mail Delivery System)',
    action === 'failed' ? 'Undelivered Mail Returned to Sender' : 'Delayed Mail (still being retried)',
    `This is the mail system at host relay.example.net.\n\n<lilei@customer.example>: host mx.customer.example[192.0.2.1] said:\n    ${diagnostic}`,
    recipient(action, status, diagnostic),
  );

const exim = (words: string) =>
  plain(
    'Mail Delivery System <Mailer-Daemon@relay.example.net>',
    'Mail delivery failed: returning message to sender',
    `This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  lilei@customer.example
    ${words}

------ This is a copy of the message, including all the headers. ------

${RETURNED}`,
    'X-Failed-Recipients: lilei@customer.example\nAuto-Submitted: auto-replied\n',
  );

const qmail = (words: string) =>
  plain(
    'MAILER-DAEMON@relay.example.net',
    'failure notice',
    `Hi. This is the qmail-send program at relay.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<lilei@customer.example>:
${words}

--- Below this line is a copy of the message.

${RETURNED}`,
  );

export const bounceSamples: BounceSample[] = [
  {
    system: 'Postfix, unknown user',
    mail: postfix(
      '5.1.1',
      '550 5.1.1 <lilei@customer.example>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command)',
    ),
    told: hard('user-unknown'),
  },
  { system: 'Postfix, full', mail: postfix('5.2.2', '552 5.2.2 Over quota'), told: soft('mailbox-full') },
  {
    system: 'Postfix, spam',
    mail: postfix('5.7.1', '554 5.7.1 Message scored too high on spam scale. Rejected'),
    told: soft('spam'),
  },
  {
    system: 'Postfix, listed address',
    mail: postfix(
      '5.7.1',
      '554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org',
    ),
    told: soft('blocked'),
  },
  {
    system: 'Postfix, greylisting that never ended',
    mail: postfix(
      '4.2.0',
      '450 4.2.0 <lilei@customer.example>: Recipient address rejected: Greylisted, see http://postgrey.example',
    ),
    told: soft('greylisted'),
  },
  {
    system: 'Postfix, delayed',
    mail: postfix('4.4.1', 'connect to mx.customer.example[192.0.2.1]:25: Connection timed out', 'delayed'),
    told: soft('delayed'),
  },
  {
    system: 'Postfix, sender unknown, not the recipient',
    mail: postfix(
      '5.1.8',
      '553 5.1.8 <service@shop.example.com>... Domain of sender address service@shop.example.com does not exist (in reply to MAIL FROM command)',
    ),
    told: soft('rejected'),
  },
  {
    system: 'Postfix, Japanese carrier that filters after DATA',
    mail: postfix('5.0.0', '550 Unknown user lilei@customer.example (in reply to end of DATA command)'),
    told: soft('filtered'),
  },
  {
    system: 'sendmail, which sends its commands at once and is refused at the recipient',
    mail: report(
      'Mail Delivery Subsystem <MAILER-DAEMON@relay.example.net>',
      'Returned mail: see transcript for details',
      `   ----- The following addresses had permanent fatal errors -----
<lilei@customer.example>
    (reason: 550 unknown user)

   ----- Transcript of session follows -----
... while talking to mx.customer.example.:
>>> DATA
<<< 550 unknown user
550 5.1.1 <lilei@customer.example>... User unknown
<<< 503 Valid RCPT command must precede DATA`,
      'Final-Recipient: RFC822; lilei@customer.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: SMTP; 550 unknown user',
    ),
    told: hard('user-unknown'),
  },
  {
    system: 'Postfix, an address that is refused without a reason',
    mail: postfix(
      '5.0.0',
      '550 <lilei@customer.example>: Recipient address rejected. (in reply to RCPT TO command)',
    ),
    told: hard('user-unknown'),
  },
  {
    system: 'Postfix, an address that is refused by a policy',
    mail: postfix('5.7.1', '554 5.7.1 <lilei@customer.example>: Recipient address rejected'),
    told: soft('filtered'),
  },
  {
    system: 'Dovecot, whose own reason stands in its words',
    mail: report(
      'Mail Delivery Subsystem <MAILER-DAEMON@relay.example.net>',
      'Rejected: Your order',
      'Your message to <lilei@customer.example> was automatically rejected:\nNot enough disk space',
      'Final-Recipient: rfc822; lilei@customer.example\nAction: failed\nStatus: 5.2.0',
    ),
    told: soft('mailbox-full'),
  },
  {
    system: 'Postfix, unknown domain',
    mail: postfix(
      '5.4.4',
      'Host or domain name not found. Name service error for name=customer.example type=A: Host not found',
    ),
    told: hard('host-unknown'),
  },
  {
    system: 'RFC 7505',
    mail: postfix('5.1.10', '556 5.1.10 Recipient address has null MX'),
    told: hard('takes-no-mail'),
  },
  {
    system: 'moved',
    mail: postfix('5.1.6', '551 5.1.6 Recipient has moved, please try <new@customer.example>'),
    told: hard('moved'),
  },
  { system: 'relaying', mail: postfix('5.7.1', '550 5.7.1 Unable to relay'), told: soft('relaying-denied') },
  {
    system: 'size',
    mail: postfix('5.3.4', '552 5.3.4 Message size exceeds fixed limit'),
    told: soft('too-large'),
  },
  {
    system: 'DMARC',
    mail: postfix(
      '5.7.26',
      "550 5.7.26 Unauthenticated email from shop.example.com is not accepted due to domain's DMARC policy.",
    ),
    told: soft('authentication'),
  },
  {
    system: 'Gmail, unknown user',
    mail: postfix(
      '5.1.1',
      "550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos. gsmtp",
    ),
    told: hard('user-unknown'),
  },
  {
    system: 'Microsoft 365, unknown user',
    mail: report(
      'postmaster@outlook.example',
      'Undeliverable: Your order',
      "Delivery has failed to these recipients or groups:\n\nlilei@customer.example\nThe email address you entered couldn't be found.",
      recipient(
        'failed',
        '5.1.10',
        '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient lilei@customer.example not found by SMTP address lookup',
      ),
    ),
    told: hard('user-unknown'),
  },
  {
    system: 'Exim, unrouteable',
    mail: exim('Unrouteable address'),
    told: hard('user-unknown'),
  },
  {
    system: 'Exim, retry time',
    mail: exim('host mx.customer.example [192.0.2.1]: Connection refused\n    retry timeout exceeded'),
    told: soft('expired'),
  },
  {
    system: 'qmail, no mailbox',
    mail: qmail('Sorry, no mailbox here by that name. (#5.1.1)'),
    told: hard('user-unknown'),
  },
  {
    system: 'qmail, policy',
    mail: qmail(
      '192.0.2.1 does not like recipient.\nRemote host said: 550 5.7.606 Access denied, banned sending IP [192.0.2.9].\nGiving up on 192.0.2.1.',
    ),
    told: soft('blocked'),
  },
  {
    system: 'qmail, no such host',
    mail: qmail("Sorry, I couldn't find any host named customer.example. (#5.1.2)"),
    told: hard('host-unknown'),
  },
  {
    system: 'sendmail of the nineties',
    mail: plain(
      'Mail Delivery Subsystem <MAILER-DAEMON@relay.example.net>',
      'Returned mail: User unknown',
      `   ----- Transcript of session follows -----
... while talking to mx.customer.example.:
>>> RCPT To:<lilei@customer.example>
<<< 550 <lilei@customer.example>... User unknown
550 <lilei@customer.example>... User unknown

   ----- Unsent message follows -----
${RETURNED}`,
    ),
    told: hard('user-unknown'),
  },
  {
    system: 'Domino',
    mail: report(
      'Postmaster@relay.example.net',
      'DELIVERY FAILURE: User lilei (lilei@customer.example) not listed in Domino Directory',
      'Your message\n\n  Subject: Your order\n\nwas not delivered to:\n\n  lilei@customer.example\n\nbecause:\n\n  User lilei (lilei@customer.example) not listed in Domino Directory',
      'Final-Recipient: rfc822; lilei@customer.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: X-Notes; User lilei (lilei@customer.example) not listed in Domino Directory',
    ),
    told: hard('user-unknown'),
  },
  {
    system: 'Exchange 2003 in words',
    mail: plain(
      'System Administrator <postmaster@relay.example.net>',
      'Undeliverable: Your order',
      'Your message did not reach some or all of the intended recipients.\n\n      Subject:\tYour order\n      Sent:\t3/4/2024 10:12 AM\n\nThe following recipient(s) could not be reached:\n\n      lilei@customer.example on 3/4/2024 10:13 AM\n            The e-mail account does not exist at the organization this message was sent to.',
    ),
    told: hard('user-unknown'),
  },
  {
    system: 'QQ 退信',
    mail: plain(
      'Postmaster <PostMaster@qq.com>',
      '系统退信/Systems bounce',
      '抱歉，您的邮件被退回来了……\n\n原邮件信息：\n收件人：lilei@customer.example\n\n退信原因：收件人邮件地址（lilei@customer.example）不存在，邮件无法送达。\nhost mx3.qq.com said: 550 Mailbox not found.',
    ),
    told: hard('user-unknown'),
  },
  {
    system: '163 退信, full',
    mail: plain(
      'Postmaster@163.com',
      '系统退信',
      '您的邮件未能成功投递。\n\n收件人：lilei@customer.example\n退信原因：收件人邮箱已满，暂时无法接收邮件。',
    ),
    told: soft('mailbox-full'),
  },
  {
    system: 'Aliyun, too often',
    mail: plain(
      'postmaster@aliyun.com',
      '【系统退信】',
      '您发送给 lilei@customer.example 的邮件被退回。\n原因：发送频率过于频繁，请稍后再试。',
    ),
    told: soft('rate-limited'),
  },
  {
    system: 'German provider',
    mail: plain(
      'mailer-daemon@relay.example.de (Mail Delivery System)',
      'Mail delivery failed: returning message to sender',
      'Ihre Nachricht konnte nicht zugestellt werden.\n\nlilei@customer.example:\nEmpfänger unbekannt',
    ),
    told: hard('user-unknown'),
  },
  {
    system: 'Japanese, unknown',
    mail: plain(
      'Mail Delivery Subsystem <MAILER-DAEMON@relay.example.jp>',
      'メール配信エラー',
      '以下の宛先にメールを配信できませんでした。\n\nlilei@customer.example\n\nメールアドレスが存在しません。',
    ),
    told: hard('user-unknown'),
  },
  {
    system: 'Amazon SES through SNS',
    mail: plain(
      'SES <no-reply@sns.amazonaws.com>',
      'AWS Notification Message',
      '{"notificationType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[{"emailAddress":"lilei@customer.example","action":"failed","status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 user unknown"}]},"mail":{"messageId":"0100-0000","headers":[{"name":"Message-ID","value":"<order-17@shop.example.com>"}]}}',
    ),
    told: hard('user-unknown'),
  },
  {
    system: 'a report of success',
    mail: report(
      'MAILER-DAEMON@relay.example.net',
      'Successful Mail Delivery Report',
      'Your message was delivered.',
      recipient('delivered', '2.0.0', '250 2.0.0 OK'),
    ),
    told: null,
  },
  {
    system: 'a complaint (RFC 5965)',
    mail: `${head('fbl@provider.example', 'complaint about message')}MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="B"

--B
Content-Type: text/plain

This is an abuse report.
--B
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Provider/1.0
Version: 1
--B
Content-Type: message/rfc822

${RETURNED}
--B--
`,
    told: null,
  },
  {
    system: 'a read receipt (RFC 8098)',
    mail: `${head('lilei@customer.example', 'Read: Your order')}MIME-Version: 1.0
Content-Type: multipart/report; report-type=disposition-notification; boundary="B"

--B
Content-Type: text/plain

Your message was read.
--B
Content-Type: message/disposition-notification

Final-Recipient: rfc822; lilei@customer.example
Original-Message-ID: <order-17@shop.example.com>
Disposition: manual-action/MDN-sent-manually; displayed
--B--
`,
    told: null,
  },
  {
    system: 'a vacation note from the null address',
    mail: plain(
      'Li Lei <lilei@customer.example>',
      'Out of office: Your order',
      'I am out of the office until Monday and have no access to e-mail.',
      'Auto-Submitted: auto-replied (vacation)\n',
    ),
    told: null,
  },
  {
    system: 'a customer who asks about a bounce',
    mail: `Return-Path: <lilei@customer.example>
From: Li Lei <lilei@customer.example>
To: service@shop.example.com
Subject: Fwd: Undelivered Mail Returned to Sender
Content-Type: text/plain

My mail to you came back with "550 5.1.1 user unknown". Is your address right?

---------- Forwarded message ---------
From: Mail Delivery System <MAILER-DAEMON@relay.example.net>
Subject: Undelivered Mail Returned to Sender

<sales@shop.example.com>: 550 5.1.1 user unknown
`,
    told: null,
  },
  {
    system: 'a customer whose parcel came back',
    mail: `Return-Path: <lilei@customer.example>
From: Li Lei <lilei@customer.example>
To: service@shop.example.com
Subject: Undelivered parcel returned to sender
Content-Type: text/plain

My parcel could not be delivered and was returned to you. Please send it again.
`,
    told: null,
  },
];
