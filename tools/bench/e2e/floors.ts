import { systemClock } from '@yixian/contracts';
import pg from 'pg';

/** What the machine itself takes, in ms: the shortest question to PostgreSQL, and one committed row. */
export interface Floors {
  select: number[];
  commit: number[];
}

const TRIES = 200;

/** Asks one after the other, on one connection. */
export async function measureFloors(url: string): Promise<Floors> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create table if not exists public.bench_floor (n int, text text)');
  const timed = async (name: string, text: string): Promise<number[]> => {
    const waits: number[] = [];
    for (let tries = 0; tries < TRIES; tries++) {
      const from = systemClock.monotonic();
      await client.query({ name, text });
      waits.push(systemClock.monotonic() - from);
    }
    return waits;
  };
  const select = await timed('floor.select', 'select 1');
  const commit = await timed('floor.commit', `insert into public.bench_floor values (1, repeat('x', 300))`);
  await client.query('drop table public.bench_floor');
  await client.end();
  return { select, commit };
}
