import type { Received } from '@yixian/channel';
import type { AccountId, Address, Attachment, Payload } from '@yixian/contracts';
import { compact, wechatPayload } from '../wechat-payload.ts';
import type { Heard } from './heard.ts';

/** Groups and people share no ids, but nothing says so: a group's address begins with this. */
const ROOM = 'room:';

export const addressOf = ({ talker, room }: Pick<Heard, 'talker' | 'room'>): Address =>
  (room ? `${ROOM}${room.id}` : talker.id) as Address;

/** The puppet's own id of where an address leads. */
export const conversationOf = (address: Address): string =>
  address.startsWith(ROOM) ? address.slice(ROOM.length) : address;

/** How the desktop client writes an answer: 「who: what」, a line, and the answer. */
const QUOTED = /^「([^：:\n]{1,64})[：:]\s?([\s\S]*?)」\n[-—_ ]{3,}[-—_ ]*\n([\s\S]*)$/;

/** A message of a bot as the hub takes it. `file`: where it has one, once it was fetched. */
export function fromHeard(
  heard: Heard,
  {
    account,
    file,
    missing,
  }: { account: AccountId; file?: Attachment | undefined; missing?: string | undefined },
): Received {
  const { text, wechat } = contentOf(heard);
  const { room, talker } = heard;
  const group = room && {
    group: compact({ id: room.id, name: room.topic }),
    speaker: compact({ id: talker.id, name: talker.name }),
    ...(room.mentionsUs && { mentioned: true }),
  };
  const name = (room ? room.topic : talker.name).slice(0, 200);
  return {
    account,
    address: addressOf(heard),
    nativeId: heard.id,
    occurredAt: heard.at,
    sender: { ...(name && { name }), claims: [] },
    text,
    attachments: file ? [file] : [],
    payload: { wechat: { ...wechat, ...group, ...(missing && { missing }) } },
  };
}

function contentOf(heard: Heard): { text: string; wechat: Payload } {
  const { type, text, url, location, miniProgram, card, file } = heard;
  switch (type) {
    case 'Text':
      return quoted(text);
    case 'Image':
    case 'Emoticon':
      return { text: '', wechat: wechatPayload('image') };
    case 'Audio':
      return { text: '', wechat: wechatPayload('voice', { format: endingOf(file?.name) || 'silk' }) };
    case 'Video':
      return { text: '', wechat: wechatPayload('video') };
    case 'Attachment':
      return { text: file?.name ?? '', wechat: wechatPayload('file', { title: file?.name }) };
    case 'Url':
      return { text: url?.title ?? text, wechat: wechatPayload('link', { ...url }) };
    case 'Location':
      return {
        text: location?.name ?? location?.address ?? text,
        wechat: wechatPayload('location', {
          latitude: location?.latitude,
          longitude: location?.longitude,
          name: location?.name,
          label: location?.address,
        }),
      };
    case 'MiniProgram':
      return {
        text: miniProgram?.title ?? '',
        wechat: wechatPayload('miniprogram', {
          title: miniProgram?.title,
          appId: miniProgram?.appid,
          pagePath: miniProgram?.pagePath,
          thumbnailUrl: miniProgram?.thumbUrl,
        }),
      };
    case 'Contact':
      return {
        text: card?.name ?? '',
        wechat: wechatPayload('card', { userId: card?.id, name: card?.name }),
      };
    case 'Recalled':
      return { text: '', wechat: wechatPayload('recalled', { of: text }) };
    default:
      if (file) return { text: file.name, wechat: wechatPayload('file', { title: file.name }) };
      return { text, wechat: wechatPayload('unknown', { native: type }) };
  }
}

function quoted(text: string): { text: string; wechat: Payload } {
  const [, from, quote, answer] = QUOTED.exec(text) ?? [];
  if (from === undefined || quote === undefined || answer === undefined)
    return { text, wechat: wechatPayload('text') };
  return { text: answer, wechat: wechatPayload('text', { quote: { from, text: quote } }) };
}

const endingOf = (name = ''): string => /\.([a-z0-9]{2,5})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
