import type { ChannelHost } from '@yixian/channel';
import type { AccountId, Attachment, MailAuth } from '@yixian/contracts';
import { customerOf, fromMail } from '../from-mail.ts';
import type { Mailbox } from '../mailbox.ts';
import type { ParsedMail } from '../parsing/parsed-mail.ts';
import type { MailRecords } from '../threading/mail-records.ts';
import { numberOf } from '../threading/conversation-number.ts';
import { referencesOf } from '../threading/thread-finder.ts';
import type { Place, ThreadFinder } from '../threading/thread-finder.ts';
import type { Arrival, Taken } from './arrival.ts';
import { fingerprintOf, nativeIdOf } from './fingerprint.ts';
import type { MailReader } from './mail-reader.ts';

export interface MailDoorMeans {
  host: ChannelHost;
  reader: MailReader;
  records: MailRecords;
  finder: ThreadFinder;
  /** Bytes. */
  largest: number;
  /** Who really sent it. */
  authenticate(arrival: Arrival, mail: ParsedMail): Promise<MailAuth | null>;
  /** A mail of ours that came back. True: it was put where it belongs, and is no message of a customer. */
  bounced(mailbox: Mailbox, recipients: string[], mail: ParsedMail): Promise<boolean>;
  /** A customer's mail was taken in. */
  received(taken: TakenIn): Promise<void>;
}

export interface TakenIn {
  mailbox: Mailbox;
  nativeId: string;
  mail: ParsedMail;
  envelopeFrom: string | undefined;
  auth: MailAuth | null;
  thread: string | null;
}

/** A mail in the store: itself, untouched, and the files in it. */
interface Stored {
  raw: Attachment;
  files: Attachment[];
}

/** It may work later. */
class NotNow extends Error {
  readonly code = 'not_now';
  readonly retryable = true;
}

/** Takes mails in, by whatever way they came: each becomes one entry for every mailbox it was sent to. */
export class MailDoor {
  constructor(private readonly means: MailDoorMeans) {}

  /** Says of each mailbox what became of it. Never rejects. */
  async take(arrival: Arrival): Promise<Map<AccountId, Taken>> {
    const outcomes = new Map<AccountId, Taken>();
    try {
      const parsed = await this.means.reader.read(arrival.raw, this.optionsOf(arrival));
      if (parsed.kind === 'refused') return await this.setAside(arrival, parsed.reason);
      const stored = await this.store(arrival.raw, parsed);
      const auth = await this.means.authenticate(arrival, parsed);
      for (const { mailbox, recipients } of arrival.to) {
        outcomes.set(mailbox.id, await this.deliver({ arrival, mailbox, recipients, parsed, stored, auth }));
      }
      return outcomes;
    } catch (error) {
      return this.failed(arrival, error, outcomes);
    }
  }

  /** Takes again what lay in quarantine. Throws when it still cannot be taken. */
  async replay(raw: Buffer, mailbox: Mailbox): Promise<void> {
    const parsed = await this.means.reader.read(raw, { limits: { size: this.means.largest } });
    if (parsed.kind === 'refused') throw new Error(parsed.reason);
    const taken = await this.take({ raw, to: [{ mailbox, recipients: [] }] });
    if (taken.get(mailbox.id) === 'again') throw new NotNow('It could not be made durable.');
  }

  private optionsOf({ envelopeFrom, to }: Arrival) {
    const envelope = {
      ...(envelopeFrom && { from: envelopeFrom }),
      to: to.flatMap(({ recipients }) => recipients),
    };
    return { limits: { size: this.means.largest }, envelope };
  }

  private async store(raw: Buffer, { attachments }: ParsedMail): Promise<Stored> {
    const { media } = this.means.host;
    const [whole, ...files] = await Promise.all([
      media.put(raw, { name: 'mail.eml', maxBytes: this.means.largest }),
      ...attachments.map(({ content, name }) => media.put(content, { name, maxBytes: this.means.largest })),
    ]);
    return { raw: whole!, files };
  }

  private async deliver(of: {
    arrival: Arrival;
    mailbox: Mailbox;
    recipients: string[];
    parsed: ParsedMail;
    stored: Stored;
    auth: MailAuth | null;
  }): Promise<Taken> {
    const { arrival, mailbox, recipients, parsed, stored, auth } = of;
    const { host } = this.means;
    if (parsed.payload.bounce && (await this.means.bounced(mailbox, recipients, parsed))) return 'taken';
    const nativeId = nativeIdOf(fingerprintOf(arrival.raw), parsed.payload.messageId);
    const place = await this.placeOf(mailbox, nativeId, recipients, parsed);
    await this.remember(mailbox, nativeId, place, parsed);
    const outcome = await host.receive(
      fromMail(parsed.payload, {
        mailbox,
        nativeId,
        attachments: stored.files,
        raw: stored.raw,
        auth,
        place,
        receivedAt: host.clock.now(),
      }),
    );
    if (!outcome.accepted) return outcome.retry ? 'again' : 'aside';
    const { envelopeFrom } = arrival;
    await this.means.received({ mailbox, nativeId, mail: parsed, envelopeFrom, auth, thread: place.thread });
    return 'taken';
  }

  private placeOf(
    mailbox: Mailbox,
    nativeId: string,
    recipients: string[],
    { payload }: ParsedMail,
  ): Promise<Place> {
    const named = [...payload.to, ...payload.cc].map(({ address }) => address);
    return this.means.finder.placeOf({
      account: mailbox.id,
      nativeId,
      sender: customerOf(payload, mailbox).address,
      recipients: [...recipients, ...named],
      payload,
    });
  }

  /** Before it is published: after a crash the same mail finds the same place. */
  private async remember(
    mailbox: Mailbox,
    nativeId: string,
    { thread }: Place,
    { payload }: ParsedMail,
  ): Promise<void> {
    const { records } = this.means;
    const { messageId, references, subject } = payload;
    const refers = referencesOf(payload);
    if (messageId) await records.saveMail(mailbox.id, messageId, { thread, subject, references });
    // Whoever answers the same mail, of before we were here, belongs to the same thread.
    for (const id of refers.slice(0, 1)) {
      await records.expectMail(mailbox.id, id, { thread, subject, references: [] });
    }
    if (thread === null) return;
    const customer = customerOf(payload, mailbox).address;
    const people = [payload.from, ...payload.to, ...payload.cc].map(({ address }) => address.toLowerCase());
    const participants = [...new Set([customer, ...people])].filter((one) => one && !isOurs(mailbox, one));
    await records.saveThread(mailbox.id, thread, { subject, customer, participants });
    if (mailbox.subjectNumber) await records.saveNumber(mailbox.id, numberOf(thread), thread);
  }

  private async setAside({ raw, to }: Arrival, why: string): Promise<Map<AccountId, Taken>> {
    const nativeId = nativeIdOf(fingerprintOf(raw), null);
    for (const { mailbox } of to) {
      await this.means.host.quarantine(raw, why, { account: mailbox.id, nativeId });
    }
    return new Map(to.map(({ mailbox }) => [mailbox.id, 'aside']));
  }

  /** What fails for good is kept for a person; everything else must come again. */
  private async failed(arrival: Arrival, error: unknown, done: Map<AccountId, Taken>) {
    const { host } = this.means;
    const rest = arrival.to.filter(({ mailbox }) => !done.has(mailbox.id));
    const isOver = (error as { retryable?: unknown } | null)?.retryable === false;
    host.log(isOver ? 'error' : 'warn', 'A mail could not be taken in.', { err: error });
    const outcomes = new Map(done);
    for (const { mailbox } of rest) outcomes.set(mailbox.id, 'again');
    if (!isOver) return outcomes;
    const kept = await this.setAside({ ...arrival, to: rest }, String(error)).catch(() => undefined);
    return kept ? new Map([...done, ...kept]) : outcomes;
  }
}

function isOurs({ address, aliases }: Mailbox, other: string): boolean {
  return [address, ...aliases].some((own) => own.toLowerCase() === other);
}
