import { ChannelName, outboundTopic, topics, type TopicSpec } from '@yixian/contracts';
import { stringify } from 'yaml';
import { z } from 'zod';

const messageNameOf = (kind: string) => kind.replaceAll(/[^a-z]+/g, '-');

/** JSON Schema (2020-12) of each kind of event that a topic carries. */
function kindsOf(topic: TopicSpec): { kind: string; schema: object }[] {
  const whole = topic.schema as unknown as z.ZodType & { options?: z.ZodType[] };
  return (whole.options ?? [whole]).map((option) => {
    const { $schema: _, ...schema } = z.toJSONSchema(option, { io: 'input' });
    const { kind } = schema.properties as { kind: { const: string } };
    return { kind: kind.const, schema };
  });
}

const headers = {
  type: 'object',
  description: 'CloudEvents 1.0, Kafka binary mode.',
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'content-type'],
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: { type: 'string' },
    ce_type: { type: 'string', description: 'The kind of the event.' },
    ce_source: { type: 'string', examples: ['/yixian/chat-widget'] },
    ce_time: { type: 'string', format: 'date-time' },
    'content-type': { const: 'application/json' },
    traceparent: { type: 'string', description: 'W3C Trace Context.' },
  },
};

function channelOf(topic: TopicSpec, address: string) {
  const messages = Object.fromEntries(
    kindsOf(topic).map(({ kind }) => [
      messageNameOf(kind),
      { $ref: `#/components/messages/${messageNameOf(kind)}` },
    ]),
  );
  return {
    address,
    description: `Key: ${topic.key}.`,
    messages,
    bindings: {
      kafka: {
        topic: address,
        partitions: topic.partitions,
        topicConfiguration: {
          'cleanup.policy': [topic.cleanup],
          ...(topic.cleanup === 'delete' && { 'retention.ms': topic.retentionMs }),
        },
      },
    },
  };
}

function messagesOf(topic: TopicSpec) {
  return kindsOf(topic).map(({ kind, schema }) => [
    messageNameOf(kind),
    {
      name: kind,
      contentType: 'application/json',
      headers: { $ref: '#/components/schemas/CloudEventHeaders' },
      payload: schema,
    },
  ]);
}

/** The AsyncAPI 3.0 document of every topic, as YAML. https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
export function asyncApiDocument(): string {
  const outbound = outboundTopic('channel' as ChannelName);
  const all = [...Object.entries(topics), ['outbound', outbound] as const];
  const document = {
    asyncapi: '3.0.0',
    info: {
      title: 'Yixian events',
      version: '1.0.0',
      description:
        'Every event between the services of Yixian. Made from libs/contracts by `npm run asyncapi`.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      all.map(([name, topic]) =>
        name === 'outbound'
          ? [
              name,
              {
                ...channelOf(topic, 'yixian.outbound.{channel}.v1'),
                parameters: { channel: { description: 'The channel that is to perform the command.' } },
              },
            ]
          : [name, channelOf(topic, topic.name)],
      ),
    ),
    operations: Object.fromEntries(
      all.map(([name]) => [
        `receive-${name}`,
        { action: 'receive', channel: { $ref: `#/channels/${name}` } },
      ]),
    ),
    components: {
      schemas: { CloudEventHeaders: headers },
      messages: Object.fromEntries(all.flatMap(([, topic]) => messagesOf(topic))),
    },
  };
  return stringify(document, { lineWidth: 110, aliasDuplicateObjects: false });
}
