import { fromBody } from '../callback/from-body.ts';
import { pushSamples } from '../../testing/push-samples.ts';
import { fromPush } from './from-push.ts';

it.each(pushSamples.map((sample) => [sample.name, sample] as const))(
  'understands %s, in XML and in JSON',
  (_, sample) => {
    const ofXml = fromPush(fromBody(Buffer.from(sample.xml)));
    expect(ofXml).toEqual({
      openId: sample.openId,
      nativeId: sample.nativeId,
      at: 1_700_000_000_000,
      text: sample.text ?? '',
      wechat: sample.wechat,
      ...(sample.media && { media: sample.media }),
    });
    expect(fromPush(fromBody(Buffer.from(sample.json)))).toEqual(ofXml);
  },
);

it('keeps a type it does not know, with all that was sent', () => {
  const fields = fromBody(
    Buffer.from(
      '<xml><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>hologram</MsgType><MsgId>7</MsgId><Depth>3</Depth></xml>',
    ),
  );
  expect(fromPush(fields)).toMatchObject({
    nativeId: '7',
    wechat: { type: 'unknown', native: 'hologram', raw: { Depth: '3' } },
  });
});

it('gives up on what names no sender or no type', () => {
  expect(fromPush(fromBody(Buffer.from('<xml><MsgType>text</MsgType></xml>')))).toBeUndefined();
  expect(fromPush(fromBody(Buffer.from('{"FromUserName":"o1"}')))).toBeUndefined();
});

it('tells two events of one second apart', () => {
  const click = (key: string) =>
    fromPush(
      fromBody(
        Buffer.from(
          JSON.stringify({
            FromUserName: 'o1',
            CreateTime: 5,
            MsgType: 'event',
            Event: 'CLICK',
            EventKey: key,
          }),
        ),
      ),
    );
  expect(click('A')!.nativeId).not.toBe(click('B')!.nativeId);
  expect(click('A')!.nativeId).toBe(click('A')!.nativeId);
});
