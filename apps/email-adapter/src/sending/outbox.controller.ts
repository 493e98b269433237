import { createHmac, timingSafeEqual } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { Refused } from '@yixian/service';
import type { Response } from 'express';
import { EmailChannel } from '../email-channel.ts';
import { outboxMailPage } from './outbox-mail-page.ts';
import { outboxPage } from './outbox-page.ts';

const NEWEST = 100;

/** Where an administrator looks at what would have been sent. Whoever has the key may look. */
@Controller('mail')
export class OutboxController {
  constructor(@Inject(EmailChannel) private readonly channel: EmailChannel) {}

  @Get('outbox')
  async page(@Query('key') key: unknown, @Res() response: Response): Promise<void> {
    const good = this.check(key);
    const page = outboxPage(await this.channel.outbox.newest(NEWEST), good);
    sendPage(response, page);
  }

  @Get('outbox.json')
  async list(@Query('key') key: unknown): Promise<object> {
    this.check(key);
    return { mails: await this.channel.outbox.newest(NEWEST) };
  }

  /** One mail as its recipient would see it; with `source`, as it would have gone out, as plain text. */
  @Get('outbox/:a/:b/:file')
  async mail(
    @Param() { a, b, file }: { a: string; b: string; file: string },
    @Query() { key, source }: { key?: unknown; source?: unknown },
    @Res() response: Response,
  ): Promise<void> {
    const good = this.check(key);
    const wanted = `${a}/${b}/${file}`;
    const listed = (await this.channel.outbox.newest(NEWEST)).some((mail) => mail.key === wanted);
    const found = listed ? await this.channel.host.media.get(wanted) : undefined;
    if (!found) throw new Refused('not_found', 'There is no such mail.');
    const { parseMail } = await import('../parsing/parse-mail.ts');
    const read = source === undefined ? parseMail(await buffer(found.content)) : undefined;
    if (read?.kind === 'parsed') {
      const query = `key=${encodeURIComponent(good)}`;
      const links = { list: `/mail/outbox?${query}`, source: `/mail/outbox/${wanted}?${query}&source=1` };
      return sendPage(response, outboxMailPage(read, links));
    }
    const plain = read ? await this.channel.host.media.get(wanted) : found;
    response
      .setHeader('content-security-policy', "default-src 'none'; sandbox")
      .setHeader('x-content-type-options', 'nosniff')
      .setHeader('cache-control', 'no-store')
      .type('text/plain; charset=utf-8');
    plain?.content.pipe(response);
  }

  private check(key: unknown): string {
    const given = Buffer.from(typeof key === 'string' ? key : '');
    const wanted = Buffer.from(this.channel.outboxKey);
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return wanted.toString();
    throw new Refused('forbidden', 'The key of the outbox is wrong.');
  }
}

const sendPage = (response: Response, page: string): void =>
  void response
    .setHeader(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    )
    .setHeader('referrer-policy', 'no-referrer')
    .setHeader('cache-control', 'no-store')
    .type('html')
    .send(page);

/** What opens the outbox: it stays the same as long as the master secret does. */
export function outboxKeyOf(secret: Buffer): string {
  return createHmac('sha256', secret).update('outbox').digest('base64url').slice(0, 24);
}
