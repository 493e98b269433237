const WORDS =
  '茶香四溢，山岚如烟。The quick brown fox pours the tea and asks when the rest will come. '.repeat(30);

/** A mail of about 5 KB, as programs write them: plain text and HTML, Chinese and English. */
export function aMail(n: number): string {
  const text = Buffer.from(`${n}: ${WORDS}`.slice(0, 1_000)).toString('base64').replace(/.{76}/g, '$&\r\n');
  const html = Buffer.from(`<p>${n}: ${WORDS}</p>`.slice(0, 1_500))
    .toString('base64')
    .replace(/.{76}/g, '$&\r\n');
  return [
    `From: =?utf-8?B?${Buffer.from(`客户 ${n}`).toString('base64')}?= <customer-${n % 200}@customers.example>`,
    'To: support@shop.example',
    `Subject: =?utf-8?B?${Buffer.from(`订单 ${n}`).toString('base64')}?=`,
    `Message-ID: <bench-${n}-${process.pid}@customers.example>`,
    'Date: Wed, 25 Nov 2026 09:00:00 +0800',
    'MIME-Version: 1.0',
    'Content-Type: multipart/alternative; boundary="part"',
    '',
    '--part',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    text,
    '--part',
    'Content-Type: text/html; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    html,
    '--part--',
    '',
  ].join('\r\n');
}
