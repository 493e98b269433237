import { Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { MediaStore } from '@yixian/media';
import { MediaLinks, receiveUpload, serveMedia } from '@yixian/media';
import type { Clock, Uploaded } from '@yixian/contracts';
import { VisitorLocale } from '@yixian/contracts';
import { CLOCK, MEDIA, Refused } from '@yixian/service';
import type { Request, Response } from 'express';
import { ChatChannel } from '../chat-channel.ts';
import { frameAncestors, pictureHost } from '../site.ts';
import type { Site } from '../site.ts';
import { OwnOrigin } from '../visitors/own-origin.ts';
import { VisitorFiles } from '../visitors/visitor-files.ts';
import { give } from './give.ts';
import { SitePages } from './site-pages.ts';

const YEAR = 'public, max-age=31536000, immutable';
/** A changed colour is seen within five minutes; meanwhile the script never waits for us. */
const LOADER = 'public, max-age=300, stale-while-revalidate=86400';

/** Everything of the widget that goes over plain HTTP. */
@Controller('w')
export class WidgetController {
  private readonly media: ReturnType<typeof serveMedia>;

  constructor(
    private readonly channel: ChatChannel,
    private readonly pages: SitePages,
    private readonly files: VisitorFiles,
    private readonly ownOrigin: OwnOrigin,
    @Inject(MEDIA) private readonly store: MediaStore,
    @Inject(CLOCK) private readonly clock: Clock,
    links: MediaLinks,
  ) {
    this.media = serveMedia(store, links);
  }

  @Get('panel')
  panel(
    @Query('site') id: string | undefined,
    @Query('o') origin: string | undefined,
    @Query('l') language: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): void {
    const site = this.channel.site(String(id));
    if (typeof origin !== 'string' || !this.ownOrigin.admits(origin, site, request)) {
      throw new Refused('origin_refused', `Pages of "${origin}" may not embed this chat.`);
    }
    const locale = VisitorLocale.safeParse(language).data ?? 'zh-CN';
    response.setHeader('content-security-policy', this.policy(site, this.ownOrigin.host(request)));
    response.setHeader('permissions-policy', 'microphone=(self)');
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('cache-control', 'no-cache');
    response.removeHeader('cross-origin-opener-policy');
    response.type('html').send(this.pages.panel(site, locale));
  }

  @Get('assets/:name')
  asset(@Param('name') name: string, @Req() request: Request, @Res() response: Response): void {
    const asset = this.pages.files.asset(name);
    if (!asset) throw new Refused('not_found', 'There is no such file.');
    response.setHeader('cache-control', YEAR);
    give(request, response, asset);
  }

  @Get('media/*key')
  async medium(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.media(request, response);
  }

  /** Takes one file; the leave in the address says whose and how large. It is cut off past that. */
  @Post('files')
  async upload(@Query('leave') note: string | undefined, @Req() request: Request): Promise<Uploaded> {
    const leave = this.files.leaveIn(String(note));
    const rules = { field: 'file', maxBytes: leave.maxBytes };
    const attachment = await receiveUpload(request, this.store, rules, this.clock);
    return { file: this.files.nameOf(leave, attachment), shown: this.files.shown(attachment) };
  }

  @Get(':script')
  loader(@Param('script') script: string, @Req() request: Request, @Res() response: Response): void {
    const id = /^(.+)\.js$/.exec(script)?.[1];
    if (!id) throw new Refused('not_found', 'There is no such page.');
    const loader = this.pages.loader(this.channel.site(id));
    response.setHeader('cache-control', LOADER);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('cross-origin-resource-policy', 'cross-origin');
    give(request, response, loader);
  }

  /** Older Safari does not count a WebSocket to our own host as `'self'`. */
  private policy(site: Site, host: string): string {
    const sockets = /^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : '';
    return [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      `connect-src 'self'${sockets}`,
      `img-src 'self' blob:${pictureHost(site)}`,
      "media-src 'self' blob:",
      `frame-ancestors ${frameAncestors(site)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ].join('; ');
  }
}
