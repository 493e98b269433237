import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { AppContext } from './app.ts';
import { ProblemFilter } from './http/problem-filter.ts';
import { BUS, CLOCK, DATABASE, LOGGER, MEDIA, METRICS, SECRET } from './tokens.ts';

/** What every module of every app may inject. */
@Module({})
export class ServiceModule {
  static of(context: Omit<AppContext<unknown>, 'settings'>): DynamicModule {
    const values = [
      { provide: DATABASE, useValue: context.database },
      { provide: BUS, useValue: context.bus },
      { provide: MEDIA, useValue: context.media },
      { provide: CLOCK, useValue: context.clock },
      { provide: LOGGER, useValue: context.log },
      { provide: SECRET, useValue: context.secret },
      { provide: METRICS, useValue: context.metrics },
    ];
    return {
      module: ServiceModule,
      global: true,
      providers: [...values, { provide: APP_FILTER, useClass: ProblemFilter }],
      exports: values.map(({ provide }) => provide),
    };
  }
}

/** Holds the apps of one process. */
@Module({})
export class RootModule {}
