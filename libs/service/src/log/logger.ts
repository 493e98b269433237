import { trace } from '@opentelemetry/api';
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { requestContext } from '../http/request-context.ts';
import { prettyLine } from './pretty-line.ts';

/** Never in a log, wherever they appear two levels down. */
const secretNames = [
  'password',
  'secret',
  'token',
  'authorization',
  'cookie',
  'apiKey',
  'accessToken',
  'refreshToken',
];
const redacted = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export interface LogOptions {
  name: string;
  level: string;
  /** Where lines go (default: standard output, readable on a terminal, JSON elsewhere). */
  to?: DestinationStream;
}

/** JSON lines with the trace and the request they belong to; readable lines on a terminal. */
export function openLog({ name, level, to = standardOutput() }: LogOptions): Logger {
  return pino(
    {
      name,
      level,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redacted, censor: '…' },
      mixin: context,
    },
    to,
  );
}

function context(): Record<string, string> {
  const span = trace.getActiveSpan()?.spanContext();
  const requestId = requestContext.getStore()?.requestId;
  return {
    ...(span && { trace_id: span.traceId, span_id: span.spanId }),
    ...(requestId && { request_id: requestId }),
  };
}

function standardOutput(): DestinationStream {
  // Synchronous: the last line before an exit is the one that matters most.
  const out = pino.destination({ fd: 1, sync: true });
  return process.stdout.isTTY ? { write: (line) => void out.write(prettyLine(line)) } : out;
}
