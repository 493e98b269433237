/**
 * CloudEvents 1.0, Kafka binary mode: attributes as `ce_*` headers, the data as the JSON value.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md
 */
export interface CloudEventHeaders {
  ce_specversion: '1.0';
  ce_id: string;
  /** The event's kind: `message.received`. */
  ce_type: string;
  /** The publishing service: `/yixian/chat-widget`. */
  ce_source: string;
  /** RFC 3339. */
  ce_time: string;
  'content-type': 'application/json';
  /** W3C trace context, when there is one. */
  traceparent?: string;
}

export const CONTENT_TYPE = 'application/json';
