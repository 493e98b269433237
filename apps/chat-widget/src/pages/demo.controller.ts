import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { VisitorLocale } from '@yixian/contracts';
import type { Request, Response } from 'express';
import { demoShop } from './demo-shop.ts';
import { give } from './give.ts';
import { SitePages } from './site-pages.ts';

/** The site whose chat the demo shows. */
const SITE = 'demo';

/** A shop to try the chat in. */
@Controller('demo')
export class DemoController {
  constructor(private readonly pages: SitePages) {}

  @Get()
  shop(@Query('lang') asked: string | undefined, @Req() request: Request, @Res() response: Response): void {
    const preferred = request.acceptsLanguages('zh', 'zh-CN', 'en') === 'en' ? 'en' : 'zh-CN';
    response.setHeader('cache-control', 'no-cache');
    response.setHeader('vary', 'accept-language');
    response.type('html').send(demoShop(VisitorLocale.safeParse(asked).data ?? preferred, SITE));
  }

  @Get('shop.css')
  style(@Req() request: Request, @Res() response: Response): void {
    response.setHeader('cache-control', 'public, max-age=300');
    give(request, response, this.pages.files.shopStyle);
  }
}
