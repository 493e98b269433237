import { trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { describe, expect, it } from '@jest/globals';
import { requestContext } from '../http/request-context.ts';
import { openLog } from './logger.ts';
import { NestLogger } from './nest-logger.ts';
import { prettyLine } from './pretty-line.ts';

function logged(write: (log: ReturnType<typeof openLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(openLog({ name: 'test', level: 'debug', to: { write: (line) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log line', () => {
  it('is JSON with level, time and the name of the process', () => {
    expect(logged((log) => log.info({ queue: 3 }, 'Hello.'))).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), name: 'test', queue: 3, msg: 'Hello.' },
    ]);
  });

  it('never holds secrets', () => {
    const [line] = logged((log) =>
      log.info({ token: 't', account: { password: 'p', settings: { secret: 's' } } }, ''),
    );
    expect(line).toMatchObject({ token: '…', account: { password: '…', settings: { secret: '…' } } });
  });

  it('names the trace and the request it belongs to', async () => {
    const provider = new NodeTracerProvider();
    provider.register();
    let ids: Record<string, string> = {};
    const [line] = logged((log) =>
      trace.getTracer('test').startActiveSpan('work', (span) => {
        ids = { trace_id: span.spanContext().traceId, span_id: span.spanContext().spanId };
        requestContext.run({ requestId: 'r-1' }, () => log.warn('x'));
      }),
    );
    await provider.shutdown();
    trace.disable();
    expect(line).toMatchObject({ ...ids, request_id: 'r-1' });
  });

  it('of Nest is ours, with errors whole', () => {
    const lines = logged((log) => {
      const nest = new NestLogger(log);
      nest.log('Mapped.', 'Router');
      nest.error(new Error('broken'), 'Handler');
    });
    expect(lines).toEqual([
      expect.objectContaining({ level: 'debug', context: 'Router', msg: 'Mapped.' }),
      expect.objectContaining({
        level: 'error',
        context: 'Handler',
        msg: 'broken',
        err: expect.objectContaining({ message: 'broken' }),
      }),
    ]);
  });

  it('is readable on a terminal', () => {
    const line = JSON.stringify({
      level: 'info',
      time: '2026-01-02T03:04:05.678Z',
      name: 'hub',
      msg: 'Ready.',
      port: 1,
    });
    expect(prettyLine(line)).toBe('03:04:05.678 INFO  hub: Ready. port=1\x1b[0m\n');
  });
});
