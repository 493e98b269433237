import { Get, Header } from '@nestjs/common';
import { DeskController } from '../desk/http/desk-controller.ts';
import { openApiDocument } from './openapi-document.ts';

/** Of the API, not of the software: it changes when a client must. */
const API_VERSION = '1.0.0';

@DeskController('api')
export class OpenApiController {
  /** Made when it is first asked for: no start waits for it. */
  private document: string | undefined;

  @Get('openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  give(): string {
    this.document ??= JSON.stringify(openApiDocument(API_VERSION));
    return this.document;
  }
}
