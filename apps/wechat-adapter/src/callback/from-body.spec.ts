import { fromBody, parseExactly } from './from-body.ts';

const of = (text: string) => fromBody(Buffer.from(text));
const codeOf = (bytes: Uint8Array) => {
  try {
    return fromBody(bytes) && 'taken';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

it('reads XML and JSON into the same fields', () => {
  const xml = of(
    '<xml><MsgId>23256813834500929</MsgId><Content><![CDATA[a < b & c]]></Content><Empty></Empty></xml>',
  );
  const json = of('{"MsgId":23256813834500929,"Content":"a < b & c","Empty":null}');
  expect(xml).toEqual({ MsgId: '23256813834500929', Content: 'a < b & c', Empty: '' });
  expect(json).toEqual(xml);
});

it('keeps 64 bits where JSON would round them, and leaves text alone', () => {
  expect(
    parseExactly(
      '{"a":23256813834500929,"b":-9007199254740993,"c":[1,2.5e30],"d":"x 23256813834500929 \\" 1"}',
    ),
  ).toEqual({ a: '23256813834500929', b: '-9007199254740993', c: [1, 2.5e30], d: 'x 23256813834500929 " 1' });
});

it('makes a list of what is repeated', () => {
  expect(of('<xml><L><item><v>1</v></item><item><v>2</v></item></L></xml>')).toEqual({
    L: { item: [{ v: '1' }, { v: '2' }] },
  });
});

it.each([
  ['a document type', '<!DOCTYPE xml><xml><a>1</a></xml>'],
  [
    'an entity bomb',
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><xml><Content>&b;</Content></xml>',
  ],
  ['an external entity', '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><a>&f;</a></xml>'],
  ['an entity that is not defined', '<xml><a>&f;</a></xml>'],
  ['a processing instruction', '<xml><?php 1?><a>1</a></xml>'],
  ['XML that is cut off', '<xml><a>1</a>'],
  ['XML as deep as a well', `${'<a>'.repeat(50)}${'</a>'.repeat(50)}`],
  ['XML of very many elements', `<xml>${'<a>1</a>'.repeat(2000)}</xml>`],
  ['JSON that is cut off', '{"a":1'],
  ['JSON as deep as a well', `{"a":${'['.repeat(50)}${']'.repeat(50)}}`],
  ['neither', 'hello'],
  ['nothing', ''],
])('refuses %s', (_, text) => {
  expect(codeOf(Buffer.from(text))).toBe('malformed');
});

it('refuses what is not UTF-8', () => {
  expect(codeOf(Buffer.from([0x3c, 0x78, 0xff, 0xfe, 0x3e]))).toBe('not_utf8');
  expect(codeOf(Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc4, 0xe3]), Buffer.from('"}')]))).toBe(
    'not_utf8',
  );
});

it('lets no field reach the prototype', () => {
  const fields = of('{"__proto__":{"polluted":"yes"}}');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.keys(fields)).toEqual(['__proto__']);
});
