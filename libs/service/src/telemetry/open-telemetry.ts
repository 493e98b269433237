/** Stops telemetry after what is pending was sent. */
export type StopTelemetry = () => Promise<void>;

/** Sends traces to an OTLP collector. The libraries (36 MB) are loaded only when this is called. */
export async function startTelemetry(options: { endpoint: string; service: string }): Promise<StopTelemetry> {
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const url = `${options.endpoint.replace(/\/$/, '')}/v1/traces`;
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.service, 'service.namespace': 'yixian' }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url, timeoutMillis: 3_000 }))],
  });
  provider.register();
  return () => provider.shutdown();
}
