import { Inject, Post, Req } from '@nestjs/common';
import { MAX_ATTACHMENT } from '@yixian/contracts';
import type { Attachment, Clock } from '@yixian/contracts';
import { receiveUpload } from '@yixian/media';
import type { MediaStore } from '@yixian/media';
import { CLOCK, MEDIA } from '@yixian/service';
import type { Request } from 'express';
import { DeskController } from './desk-controller.ts';

@DeskController('api/uploads')
export class UploadsController {
  constructor(
    @Inject(MEDIA) private readonly media: MediaStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** One file, as multipart form field `file`. */
  @Post()
  take(@Req() request: Request): Promise<Attachment> {
    return receiveUpload(request, this.media, { maxBytes: MAX_ATTACHMENT, field: 'file' }, this.clock);
  }
}
