import type { ArgumentsHost, INestApplication, RpcExceptionFilter } from '@nestjs/common';
import { Catch } from '@nestjs/common';
import type { NestMicroservice } from '@nestjs/microservices';
import type { Observable } from 'rxjs';
import { throwError } from 'rxjs';
import type { BusServerOptions } from './bus-server.ts';
import { BusServer } from './bus-server.ts';

/** Nest would replace an error by `Internal server error`; the bus has to see what it was. */
@Catch()
class KeepError implements RpcExceptionFilter {
  catch(error: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Connects the `@EventPattern` methods of an application to the bus. Call it before `app.init()` and
 * `app.startAllMicroservices()` after; `app.close()` waits for the running batches.
 */
export function connectBus(app: INestApplication, options: BusServerOptions): BusServer {
  const strategy = new BusServer(options);
  // Nest registers the handlers at once unless told not to, and then it is too late for a filter of theirs. The last
  // three calls are what it does itself: the application owns the modules and runs their hooks.
  const microservice = app.connectMicroservice(
    { strategy },
    { deferInitialization: true },
  ) as unknown as NestMicroservice;
  microservice.useGlobalFilters(new KeepError());
  microservice.registerListeners();
  microservice.setIsInitialized(true);
  microservice.setIsInitHookCalled(true);
  return strategy;
}
