import { Catch, Inject } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { LOGGER } from '../tokens.ts';
import { refusalOf } from './refusal-of.ts';
import { problem, statusOf } from './refused.ts';

/** Answers every error of an HTTP request as a {@link Problem}. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const refused = refusalOf(error);
    if (refused.code === 'internal') {
      this.log.error({ err: error, method: request.method, path: request.path }, 'A request failed.');
    }
    if (response.headersSent) return void response.destroy();
    if (refused.options.retryAfter !== undefined) {
      response.setHeader('retry-after', String(Math.ceil(refused.options.retryAfter)));
    }
    response.status(statusOf[refused.code]).json(problem(refused));
  }
}
