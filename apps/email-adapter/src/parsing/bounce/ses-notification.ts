import type { MailBounce } from '../mail-payload.ts';
import { diagnose } from './diagnose.ts';

/**
 * A notification of Amazon SES that came by mail through SNS: JSON with a bounce, a complaint or a delivery. Mail
 * systems wrap its lines, so that it is read field by field. Undefined where the text is none; null where it tells of
 * no bounce.
 */
export function readSesNotification(text: string): MailBounce | null | undefined {
  // What SNS hands on whole is a string within JSON.
  const json = text.slice(0, 100_000).replaceAll('\\"', '"');
  if (!/^\s*\{/.test(json)) return undefined;
  const kind = field(json, 'notificationType') ?? field(json, 'eventType');
  if (kind === undefined || !json.includes('"mail"')) return undefined;
  if (kind !== 'Bounce') return null;
  const status = field(json, 'status') ?? null;
  const found = diagnose({ words: field(json, 'diagnosticCode') ?? '', around: '', status, action: '' });
  const temporary = field(json, 'bounceType') === 'Transient';
  return {
    ...found,
    kind: temporary ? 'soft' : found.kind,
    recipient: field(json, 'emailAddress') ?? null,
    originalMessageId: idOf(json),
  };
}

/** The original mail's own Message-ID, else the one that SES gave it. */
const idOf = (json: string) => {
  const id = /"name"\s*:\s*"message-id"\s*,\s*"value"\s*:\s*"<?([^">]{3,500})>?"/i.exec(json)?.[1];
  return id ?? field(json, 'messageId') ?? null;
};

function field(json: string, name: string): string | undefined {
  const found = new RegExp(`"${name}"\\s*:\\s*"((?:[^"\\\\]|\\\\.){0,2000})"`).exec(json)?.[1];
  return found?.replaceAll(/\\(.)/g, '$1').replaceAll(/\s+/g, ' ');
}
