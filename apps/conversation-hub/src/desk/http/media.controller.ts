import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { Clock } from '@yixian/contracts';
import { MediaLinks, RemoteImages, serveMedia, serveRemoteImages } from '@yixian/media';
import type { MediaStore } from '@yixian/media';
import { CLOCK, MEDIA } from '@yixian/service';
import type { Request, Response } from 'express';

/** Attachments, opened by the token in the link: no cookie ever reaches what a customer sent. */
@Controller('media')
export class MediaController {
  private readonly serve: ReturnType<typeof serveMedia>;
  private readonly serveRemote: ReturnType<typeof serveRemoteImages>;

  constructor(@Inject(MEDIA) media: MediaStore, @Inject(CLOCK) clock: Clock, links: MediaLinks) {
    this.serve = serveMedia(media, links);
    this.serveRemote = serveRemoteImages(new RemoteImages(clock), links);
  }

  /** An image that stands elsewhere, fetched for the reader. Before the wildcard, which would take it for a key. */
  @Get('remote')
  giveRemote(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serveRemote(request, response);
  }

  @Get('*key')
  give(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(request, response);
  }
}
