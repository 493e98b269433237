import { bounceSamples } from './bounce-samples.ts';

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const composed = `From: =?GB2312?B?zfXQocP3?= <wang@example.cn>
To: "Doe, Jane" <jane@example.org>, team: a@example.org, b@example.org;
Cc: Zoë <zoe@example.org> (work)
Subject: =?utf-8?Q?R=C3=A9ponse=3A_?= =?utf-8?B?6K6i5Y2V?=
Message-ID: <1@example.cn>
References: <a@example.org> <b@example.org>
Date: Mon, 04 Mar 2024 10:12:00 +0800 (CST)
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

preamble
--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=gbk; format=flowed; delsp=yes
Content-Transfer-Encoding: quoted-printable

=C4=E3=BA=C3 soft =
break
-- 
signature

On Mon, 4 Mar 2024 at 10:00, Jane Doe <jane@example.org>
wrote:
> earlier
--inner
Content-Type: text/html; charset="gb2312"
Content-Transfer-Encoding: base64

PGRpdj7E47rDPGltZyBzcmM9ImNpZDoxIj48c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ+PC9kaXY+
PGJsb2NrcXVvdGUgdHlwZT0iY2l0ZSI+b2xkPC9ibG9ja3F1b3RlPg==
--inner--
--outer
Content-Type: application/octet-stream; name*0*=utf-8''%E6%8A%A5; name*1*=%E4%BB%B7.pdf
Content-Disposition: attachment; filename="=?gbk?B?sai82y5wZGY=?="
Content-Transfer-Encoding: base64
Content-ID: <1>

JVBERi0xLjQKJcOkw7zDtsOfCg==
--outer
Content-Type: text/calendar; method=REQUEST; charset=utf-8

BEGIN:VCALENDAR
METHOD:REQUEST
BEGIN:VEVENT
UID:1@example.org
DTSTART:20240305T020000Z
SUMMARY:Call
ORGANIZER;CN=Jane:mailto:jane@example.org
END:VEVENT
END:VCALENDAR
--outer
Content-Type: text/plain

begin 644 a.txt
#0V%T
\`
end
--outer--
epilogue
`;

const seeds = [composed, ...bounceSamples.map(({ mail }) => mail)].map((mail) => Buffer.from(mail));

/** Pieces that break mails: ends of lines, openings without ends, marks of parts, bytes of other charsets. */
const splinters = [
  '\r',
  '\n',
  '\r\n',
  '\0',
  '\n\n',
  '=?',
  '?=',
  '=?utf-8?Q?',
  '=?gbk?B?',
  '--outer',
  '--inner\n',
  '--inner--\n',
  '--B\n',
  '\n>',
  '> > > ',
  '"',
  '<',
  '>',
  '(',
  ';',
  ',',
  ':',
  '\\',
  'Content-Type: multipart/mixed; boundary="B"\n',
  'Content-Transfer-Encoding: base64\n',
  'charset=iso-2022-jp',
  'charset=utf-7',
  'charset=hz-gb-2312',
  'charset=""',
  '\x1b$B',
  '\x1b(B',
  '~{',
  '~}',
  '<div>',
  '</div>',
  '<blockquote>',
  '<!--',
  '&#',
  '&amp',
  'On ',
  ' wrote:\n',
  '在 2024-03-04 写道：',
  '发件人: a\n',
  'From: a\nSent: 1\nTo: b\nSubject: c\n',
  '-----Original Message-----\n',
  'begin 644 x\n',
  'BEGIN:VEVENT\n',
  ';name*0*=',
  "utf-8''%",
  '%ff',
  '\ufeff',
  '\ud83d\ude00',
].map((text) => Buffer.from(text));

type Mutation = (mail: Buffer, next: () => number) => Buffer;

const at = (mail: Buffer, next: () => number) => Math.floor(next() * (mail.length + 1));
const span = (mail: Buffer, next: () => number, most: number): [number, number] => {
  const from = at(mail, next);
  return [from, Math.min(mail.length, from + Math.floor(next() * most))];
};
const insert = (mail: Buffer, where: number, piece: Buffer) =>
  Buffer.concat([mail.subarray(0, where), piece, mail.subarray(where)]);

const mutations: Mutation[] = [
  (mail, next) => {
    const out = Buffer.from(mail);
    for (let i = 0; i < 8 && out.length > 0; i++)
      out[Math.floor(next() * out.length)] = Math.floor(next() * 256);
    return out;
  },
  (mail, next) => insert(mail, at(mail, next), splinters[Math.floor(next() * splinters.length)]!),
  (mail, next) => {
    const [from, to] = span(mail, next, 200);
    return Buffer.concat([mail.subarray(0, from), mail.subarray(to)]);
  },
  (mail, next) => {
    const [from, to] = span(mail, next, 400);
    return insert(mail, at(mail, next), mail.subarray(from, to));
  },
  (mail, next) => {
    const piece = splinters[Math.floor(next() * splinters.length)]!;
    return insert(
      mail,
      at(mail, next),
      Buffer.concat(Array.from({ length: 1 + Math.floor(next() * 500) }, () => piece)),
    );
  },
  (mail, next) => mail.subarray(0, at(mail, next)),
  (mail, next) => {
    const other = seeds[Math.floor(next() * seeds.length)]!;
    return Buffer.concat([mail.subarray(0, at(mail, next)), other.subarray(at(other, next))]);
  },
  (mail, next) =>
    Buffer.from(
      mail.toString('latin1').replaceAll('\n', ['\r\n', '\r', '\n\r', '\r\r\n'][Math.floor(next() * 4)]!),
      'latin1',
    ),
];

/** `count` mails, each a good one with one to six things wrong. The same for the same seed. */
export function* mutatedMails(count: number, seed: number): Generator<Buffer> {
  const next = seeded(seed);
  for (let i = 0; i < count; i++) {
    let mail: Buffer = seeds[Math.floor(next() * seeds.length)]!;
    for (let wrongs = 1 + Math.floor(next() * 6); wrongs > 0; wrongs--)
      mail = mutations[Math.floor(next() * mutations.length)]!(mail, next);
    yield mail;
  }
}
