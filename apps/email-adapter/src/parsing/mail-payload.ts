export {
  MailAddress as Mailbox,
  MailAttachment,
  MailAuto,
  MailBounce,
  MailEvent,
  MailPayload,
} from '@yixian/contracts';
