import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import type { MediaStore } from '@yixian/media';
import { serveMedia } from '@yixian/media';
import { MEDIA } from '@yixian/service';
import type { Request, Response } from 'express';
import { FileLinks } from './file-links.ts';

/** Files that customers reach by a link in a message. */
@Controller('wechat-files')
export class FilesController {
  private readonly media: ReturnType<typeof serveMedia>;

  constructor(@Inject(MEDIA) store: MediaStore, links: FileLinks) {
    this.media = serveMedia(store, links.links);
  }

  @Get('*key')
  file(@Req() request: Request, @Res() response: Response): unknown {
    return this.media(request, response);
  }
}
