import { Catch, Inject } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { Logger } from 'pino';
import { refusalOf } from '../http/refusal-of.ts';
import { problem } from '../http/refused.ts';
import { LOGGER } from '../tokens.ts';

/**
 * Answers every error of a socket request as a {@link Problem}: by its acknowledgement, or, when the client asked for
 * none, as the event `problem`. Nest knows no global filters for gateways: put `@UseFilters(SocketProblemFilter)` on each.
 */
@Catch()
export class SocketProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const refused = refusalOf(error);
    const pattern = host.switchToWs().getPattern();
    if (refused.code === 'internal')
      this.log.error({ err: error, event: pattern }, 'A socket request failed.');
    const acknowledge = host.getArgs().find((argument) => typeof argument === 'function') as
      ((answer: unknown) => void) | undefined;
    if (acknowledge) acknowledge(problem(refused));
    else
      host
        .switchToWs()
        .getClient<{ emit(event: string, body: unknown): void }>()
        .emit('problem', problem(refused));
  }
}
