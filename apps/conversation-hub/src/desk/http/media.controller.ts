import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { MediaLinks, serveMedia } from '@yixian/media';
import type { MediaStore } from '@yixian/media';
import { MEDIA } from '@yixian/service';
import type { Request, Response } from 'express';

/** Attachments, opened by the token in the link: no cookie ever reaches what a customer sent. */
@Controller('media')
export class MediaController {
  private readonly serve: ReturnType<typeof serveMedia>;

  constructor(@Inject(MEDIA) media: MediaStore, links: MediaLinks) {
    this.serve = serveMedia(media, links);
  }

  @Get('*key')
  give(@Req() request: Request, @Res() response: Response): Promise<void> {
    return this.serve(request, response);
  }
}
