import * as contracts from '@yixian/contracts';
import { statusOf } from '@yixian/service';
import { z } from 'zod';
import { routes } from './routes.ts';
import type { Route } from './routes.ts';

export type Json = { [key: string]: unknown };

/** The OpenAPI 3.1 document of the desk's API, made from the schemas that also check requests. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const [method = '', path = ''] = name.split(' ');
    const templated = path.replaceAll(/[:*](\w+)/g, '{$1}');
    paths[templated] = { ...paths[templated], [method.toLowerCase()]: operation(name, route) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Yixian desk',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description: `Every refusal has the shape of \`Problem\`. Codes: ${contracts.problemCodes.join(', ')}.`,
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: schemasOf(paths),
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'yixian_session',
          description: 'From `POST /api/session`. Writes also need its `csrf` as the header `x-csrf-token`.',
        },
      },
    },
  };
}

/** The contracts' objects: what the document can point to by name. */
const registry = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(contracts))
  if (schema instanceof z.ZodObject) registry.add(schema, { id });

const PREFIX = '#/components/schemas/';

/** The schemas that `paths` point to, and those that these point to. */
function schemasOf(paths: Json): Json {
  const { schemas } = z.toJSONSchema(registry, {
    uri: (id) => PREFIX + id,
    io: 'output',
    unrepresentable: 'any',
    override: anyJson,
  });
  const named: Json = {};
  const open = namesIn(paths);
  for (let id = open.pop(); id; id = open.pop()) {
    if (named[id]) continue;
    named[id] = bare(schemas[id] as Json);
    open.push(...namesIn(named[id]));
  }
  return Object.fromEntries(Object.entries(named).sort(([a], [b]) => a.localeCompare(b)));
}

function namesIn(json: unknown): string[] {
  return [...JSON.stringify(json).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, id]) => id!);
}

/** Without the dialect and the address that the document gives already, and definitions that nothing points to. */
function bare({ $schema: _dialect, $id: _address, $defs: _unused, ...schema }: Json): Json {
  return schema;
}

/** Any JSON is said as "anything": a schema that contains itself would need a place to be pointed to. */
function anyJson({ zodSchema, jsonSchema }: { zodSchema: unknown; jsonSchema: Json }): void {
  if (zodSchema !== contracts.Payload) return;
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  Object.assign(jsonSchema, { type: 'object', additionalProperties: true });
}

function operation(name: string, route: Route): Json {
  const [method = '', path = ''] = name.split(' ');
  return {
    operationId: operationId(method, path),
    summary: route.summary,
    tags: [path.split('/')[2] ?? 'media'],
    ...(route.role === 'anyone' ? { security: [] } : { security: [{ token: [] }, { session: [] }] }),
    ...(route.role !== 'anyone' && { 'x-role': route.role }),
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query?.shape, 'query')],
    ...requestBody(route),
    responses: responsesOf(route),
  };
}

function operationId(method: string, path: string): string {
  const words = path.split(/[/:*.-]+/).filter((word) => word && word !== 'api');
  return [method.toLowerCase(), ...words.map((word) => word[0]!.toUpperCase() + word.slice(1))].join('');
}

function parametersOf(shape: Record<string, z.ZodType> | undefined, where: 'path' | 'query'): Json[] {
  return Object.entries(shape ?? {}).map(([name, schema]) => ({
    name,
    in: where,
    required: where === 'path' || !schema.safeParse(undefined).success,
    schema: inline(schema, 'input'),
  }));
}

function requestBody({ body, form }: Route): Json {
  if (form)
    return {
      requestBody: { required: true, content: { 'multipart/form-data': { schema: inline(form, 'input') } } },
    };
  if (body)
    return {
      requestBody: { required: true, content: { 'application/json': { schema: inline(body, 'input') } } },
    };
  return {};
}

function responsesOf(route: Route): Json {
  const { answer, status, refusals = {} } = route;
  const responses: Json = { [status]: { description: 'Done.', ...contentOf(answer) } };
  for (const code of refusalsOf(route))
    responses[code] = { description: 'Refused.', ...contentOf(contracts.Problem) };
  for (const [code, schema] of Object.entries(refusals))
    responses[code] = { description: 'Refused.', ...contentOf(schema) };
  return responses;
}

function contentOf(answer: Route['answer']): Json {
  if (!answer) return {};
  if (answer === 'file') return { content: { 'application/octet-stream': {} } };
  return { content: { 'application/json': { schema: inline(answer, 'output') } } };
}

function refusalsOf({ role, params, query, body, form }: Route): number[] {
  return [
    ...(params || query || body || form ? [statusOf.invalid] : []),
    ...(role === 'anyone' ? [] : [statusOf.unauthenticated, statusOf.forbidden]),
    ...(params ? [statusOf.not_found] : []),
    ...(body || form ? [statusOf.too_large] : []),
    statusOf.unavailable,
  ];
}

/** The schema where it is used, or a reference when it has a name. */
function inline(schema: z.ZodType, io: 'input' | 'output'): Json {
  const id = io === 'output' ? registry.get(schema)?.id : undefined;
  if (id) return { $ref: PREFIX + id };
  return bare(z.toJSONSchema(schema, { io, unrepresentable: 'any', override: anyJson }) as Json);
}
