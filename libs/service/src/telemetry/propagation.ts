import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes } from '@opentelemetry/api';

const tracer = trace.getTracer('yixian');

/** The W3C `traceparent` of what runs now, for the header of an event; `undefined` when nothing is traced. */
export function currentTraceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

export interface SpanOptions {
  /** Such as `process yixian.inbound.v1`. */
  name: string;
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** The `traceparent` of what caused it, when that came from another process. */
  traceparent?: string;
  attributes?: Attributes;
}

/** Runs `work` inside a span. Free of cost when traces are off. */
export function inSpan<T>(
  { name, kind = 'internal', traceparent, attributes }: SpanOptions,
  work: () => Promise<T>,
): Promise<T> {
  const parent = traceparent ? propagation.extract(context.active(), { traceparent }) : context.active();
  const options = { kind: SpanKind[kind.toUpperCase() as Uppercase<typeof kind>], attributes };
  return tracer.startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.recordException(error as Error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
