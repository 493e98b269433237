import {
  context as contexts,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Batch, BatchContext, BatchHandler } from '../bus.ts';

const tracer = trace.getTracer('@yixian/bus');

/**
 * Calls a handler within the trace of the batch's first event, with links to the others. Without an OpenTelemetry SDK
 * in the process all of this is a no-op. A handler that throws before its first `await` rejects like any other.
 */
export async function callHandler(handler: BatchHandler, batch: Batch, context: BatchContext): Promise<void> {
  const [first, ...others] = batch.events
    .map(({ headers }) => headers)
    .filter(({ traceparent }) => traceparent);
  if (!first) return handler(batch, context);
  const parent = propagation.extract(ROOT_CONTEXT, first);
  const links = others.flatMap((headers) => {
    const linked = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers));
    return linked ? [{ context: linked }] : [];
  });
  const span = tracer.startSpan(`process ${batch.topic}`, { kind: SpanKind.CONSUMER, links }, parent);
  try {
    await contexts.with(trace.setSpan(parent, span), () => handler(batch, context));
  } catch (error) {
    span.recordException(error as Error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
