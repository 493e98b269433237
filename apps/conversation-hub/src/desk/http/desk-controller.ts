import { applyDecorators, Controller, UseFilters, UseGuards, UsePipes } from '@nestjs/common';
import { ProblemFilter } from '@yixian/service';
import { AccessGuard } from './access.guard.ts';
import { ValidPipe } from './valid.pipe.ts';

/**
 * A controller of the desk's API: callers checked by the table of routes, values by the schemas beside the parameters,
 * refusals in one shape. Not global, since other apps may live in the same process.
 */
export const DeskController = (path: string): ClassDecorator =>
  applyDecorators(Controller(path), UseGuards(AccessGuard), UsePipes(ValidPipe), UseFilters(ProblemFilter));
