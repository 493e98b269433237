import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { parseMail } from './parse-mail.ts';
import type { ParsedMail } from './parsed-mail.ts';

const parsed = (lines: string | string[]) =>
  parseMail(
    Buffer.from(['From: a@example.org', 'Subject: x', 'MIME-Version: 1.0', ...[lines].flat()].join('\r\n')),
  ) as ParsedMail;
const payload = (lines: string | string[]) => parsed(lines).payload;
const mixed = (...parts: string[][]) => [
  'Content-Type: multipart/mixed; boundary=b',
  '',
  ...parts.flatMap((part) => ['--b', ...part]),
  '--b--',
];

describe('attachments', () => {
  test('keep their bytes, name, claimed type and sum', () => {
    const { payload: told, attachments } = parsed(
      mixed(
        ['Content-Type: text/plain', '', 'see file'],
        [
          'Content-Type: Image/PNG; name="a.png"',
          'Content-Transfer-Encoding: base64',
          'Content-ID: <1@x>',
          '',
          'iVBORw==',
        ],
      ),
    );
    const content = Buffer.from('iVBORw==', 'base64');
    expect(attachments[0]!.content.equals(content)).toBe(true);
    expect(told.attachments).toEqual([
      {
        name: 'a.png',
        type: 'image/png',
        size: 4,
        sha256: createHash('sha256').update(content).digest('hex'),
        inline: false,
        contentId: '1@x',
      },
    ]);
  });

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\fakepath\\x.doc', 'x.doc'],
    ['photo\u202egpj.exe', 'photogpj.exe'],
    ['..', 'attachment-1'],
  ])('named %j are called %j', (given, name) => {
    const part = [
      'Content-Type: application/x-thing',
      `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(given)}`,
      '',
      'x',
    ];
    expect(payload(mixed(part)).attachments[0]!.name).toBe(name);
  });

  test('an image that the HTML shows is inline', () => {
    const { attachments, html } = payload([
      'Content-Type: multipart/related; boundary=b',
      '',
      '--b',
      'Content-Type: text/html',
      '',
      '<img src="cid:1%40x">',
      '--b',
      'Content-Type: image/png; name=a.png',
      'Content-ID: <1@x>',
      '',
      'x',
      '--b--',
    ]);
    expect(attachments[0]!.inline).toBe(true);
    expect(html).toContain('src="cid:1%40x"');
  });

  test('winmail.dat, a calendar, a key and a mail are kept', () => {
    const told = payload(
      mixed(
        ['Content-Type: application/ms-tnef; name=winmail.dat', '', 'x'],
        [
          'Content-Type: text/calendar; method=REQUEST',
          '',
          'BEGIN:VCALENDAR',
          'METHOD:REQUEST',
          'BEGIN:VEVENT',
          'UID:1',
          'DTSTART:20240305T020000Z',
          'DTEND:20240305T030000Z',
          'SUMMARY:通话',
          'ORGANIZER;CN=Jane:mailto:jane@example.org',
          'ATTENDEE:mailto:a@example.org',
          'END:VEVENT',
          'END:VCALENDAR',
        ],
        ['Content-Type: application/pgp-keys', '', 'x'],
        ['Content-Type: message/rfc822', '', 'Subject: =?utf-8?B?5L2g5aW9?=', '', 'inner'],
      ),
    );
    expect(told.attachments.map(({ name }) => name)).toEqual([
      'winmail.dat',
      'attachment-2.ics',
      'attachment-3',
      '你好.eml',
    ]);
    expect(told.events).toEqual([
      {
        method: 'REQUEST',
        uid: '1',
        summary: '通话',
        start: '2024-03-05T02:00:00.000Z',
        end: '2024-03-05T03:00:00.000Z',
        location: '',
        organizer: { name: 'Jane', address: 'jane@example.org' },
        attendees: [{ name: '', address: 'a@example.org' }],
      },
    ]);
  });

  test('uuencoded files come out of the text', () => {
    const { text, attachments } = payload(['', 'before', 'begin 644 cat.txt', '#0V%T', '`', 'end', 'after']);
    expect(text).toBe('before\nafter');
    expect(attachments).toMatchObject([{ name: 'cat.txt', size: 3 }]);
    expect(payload(['', 'begin 644 the story', 'and do not end'])).toMatchObject({
      text: 'begin 644 the story\nand do not end',
      attachments: [],
    });
  });
});

describe('words', () => {
  test('of several parts follow each other; of two forms one is taken', () => {
    const told = payload(
      mixed(
        ['Content-Type: text/plain', '', 'one'],
        [
          'Content-Type: multipart/alternative; boundary=c',
          '',
          '--c',
          'Content-Type: text/plain',
          '',
          'two',
          '--c',
          'Content-Type: text/html',
          '',
          '<b>two</b>',
          '--c--',
        ],
        ['Content-Type: text/html', '', '<p>three</p>'],
      ),
    );
    expect(told.text).toBe('one\n\ntwo\n\nthree');
    expect(told.html).toContain('one');
    expect(told.html).toContain('<b>two</b>');
    expect(told.html).toContain('<p>three</p>');
  });

  test('that are wrapped (format=flowed) are joined', () => {
    expect(
      payload([
        'Content-Type: text/plain; format=flowed; delsp=yes',
        '',
        'con ',
        'tinued',
        '> quo ',
        '> ted',
        '-- ',
        'Ann',
      ]).text,
    ).toBe('continued\n> quoted\n-- \nAnn');
  });

  test('in damaged quoted-printable and base64 are read as far as they go', () => {
    expect(
      payload([
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        '1 = 2 =C3=A9 =',
        'soft =3D =G1 =',
      ]).text,
    ).toBe('1 = 2 é soft = =G1');
    expect(
      payload([
        'Content-Type: text/plain',
        'Content-Transfer-Encoding: base64',
        '',
        '!!SGVs*bG8=',
        '==IHRoZXJl',
      ]).text,
    ).toBe('Hello there');
  });

  test('in base64 end where the footer of a list begins', () => {
    const encoded = Buffer.from('Hello there').toString('base64');
    for (const footer of [
      '\r\n_____\r\nSome list, https://list.example',
      ' ignored',
      '\r\n\r\n-- \r\nfooter text',
    ]) {
      expect(
        payload(['Content-Type: text/plain', 'Content-Transfer-Encoding: base64', '', `${encoded}${footer}`])
          .text,
      ).toBe('Hello there');
    }
    const unpadded = Buffer.from('Hello there!').toString('base64');
    for (const footer of ['\r\n\r\nThis mail was scanned.', '\r\n\r\n_____\r\nSome list'])
      expect(
        payload(['Content-Type: text/plain', 'Content-Transfer-Encoding: base64', '', `${unpadded}${footer}`])
          .text,
      ).toBe('Hello there!');
  });

  test('of HTML alone become text', () => {
    expect(
      payload([
        'Content-Type: text/html',
        '',
        '<p>Hello&nbsp;<b>you</b>,</p><p>see <a href="https://example.org/x">this</a></p><ul><li>one<li>two</ul><style>p{}</style><div style="display:none">preview</div>',
      ]).text,
    ).toBe('Hello you,\n\nsee this <https://example.org/x>\n\n- one\n- two');
  });

  test('of a mail that only carries another are its', () => {
    const told = payload(
      mixed([
        'Content-Type: message/rfc822',
        '',
        'From: Bob <bob@example.org>',
        'Subject: broken',
        '',
        'It is broken.',
      ]),
    );
    expect(told).toMatchObject({
      visibleText: 'It is broken.',
      forwardedFrom: { name: 'Bob', address: 'bob@example.org' },
    });
  });

  test('below a boundary that is another than declared, or was never closed', () => {
    expect(
      payload([
        'Content-Type: multipart/mixed; boundary=declared',
        '',
        '--other',
        'Content-Type: text/plain',
        '',
        'found',
        '--other--',
      ]),
    ).toMatchObject({ text: 'found', badges: ['damaged'] });
    expect(
      payload([
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'open',
      ]).text,
    ).toBe('open');
    expect(payload(['Content-Type: multipart/mixed', '', 'no parts at all']).text).toBe('no parts at all');
  });
});

test('what is sealed has its badge', () => {
  expect(
    payload(['Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m', '', 'x']),
  ).toMatchObject({ badges: ['encrypted'], attachments: [{ name: 'smime.p7m' }] });
  expect(
    payload([
      'Content-Type: multipart/signed; protocol="application/pgp-signature"; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'signed',
      '--b',
      'Content-Type: application/pgp-signature; name=signature.asc',
      '',
      'x',
      '--b--',
    ]),
  ).toMatchObject({ text: 'signed', badges: ['signed'] });
  expect(payload(['', '-----BEGIN PGP MESSAGE-----', '', 'x', '-----END PGP MESSAGE-----']).badges).toEqual([
    'encrypted',
  ]);
});

describe('the author', () => {
  const from = (headers: string, options = {}) =>
    (parseMail(Buffer.from(`${headers}\r\n\r\nx`), options) as ParsedMail).payload.from;
  test.each([
    ['From: Ann <ann@example.org>', { name: 'Ann', address: 'ann@example.org' }],
    ['From: Ann\r\nSender: s@example.org', { name: 'Ann', address: 's@example.org' }],
    ['Reply-To: r@example.org', { name: '', address: 'r@example.org' }],
    ['Return-Path: <p@example.org>', { name: '', address: 'p@example.org' }],
    ['Subject: x', { name: '', address: '' }],
  ])('%j', (headers, expected) => {
    expect(from(headers)).toEqual(expected);
  });

  test('of a mail that says nothing is the envelope', () => {
    expect(from('Subject: x', { envelope: { from: 'e@example.org' } })).toEqual({
      name: '',
      address: 'e@example.org',
    });
  });
});
