import 'reflect-metadata';
import { Validator } from '@seriousme/openapi-schema-validator';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { z } from 'zod';
import { deskControllers } from '../desk/desk.module.ts';
import { openApiDocument } from './openapi-document.ts';
import { routes } from './routes.ts';
import type { Route } from './routes.ts';

const document = openApiDocument('1.0.0') as {
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: Record<string, unknown> };
};

interface Handler {
  name: string;
  args: { type: number; data?: string; schema?: z.ZodType }[];
}

/** Nest's numbers for the kinds of parameters. */
const [BODY, QUERY, PARAM] = [3, 4, 5];

const handlers: Handler[] = deskControllers.flatMap((controller) => {
  const prototype = controller.prototype as unknown as Record<string, object>;
  return Object.getOwnPropertyNames(prototype)
    .filter((name) => Reflect.hasMetadata(METHOD_METADATA, prototype[name]!))
    .map((name) => {
      const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, prototype[name]!) as number];
      const parts = [controller, prototype[name]!].map(
        (of) => Reflect.getMetadata(PATH_METADATA, of) as string,
      );
      const path = `/${parts.filter((part) => part !== '/').join('/')}`;
      const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<
        string,
        object
      >;
      return {
        name: `${method} ${path}`,
        args: Object.entries(args).map(([key, value]) => ({ ...value, type: Number(key.split(':')[0]) })),
      };
    });
});

it('is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(document as never);
  expect(result).toEqual({ valid: true });
});

it('describes every route of every controller, and no other', () => {
  expect(handlers.map(({ name }) => name).sort()).toEqual(Object.keys(routes).sort());
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const templated = handlers.map(({ name }) => name.replaceAll(/[:*](\w+)/g, '{$1}'));
  expect(described.sort()).toEqual(templated.sort());
});

describe.each(handlers)('$name', ({ name, args }) => {
  const route = routes[name as keyof typeof routes] as Route;
  const schemas = (type: number) => args.filter((arg) => arg.type === type && arg.schema);

  it('is described with the schemas that its requests are checked by', () => {
    expect(schemas(BODY).map(({ schema }) => schema)).toEqual(route.body ? [route.body] : []);
    // A file is given by a handler of its own, which looks at the query itself.
    expect(schemas(QUERY).map(({ schema }) => schema)).toEqual(
      route.query && route.answer !== 'file' ? [route.query] : [],
    );
    const params = Object.fromEntries(
      schemas(PARAM).map(({ data, schema }) => [data, z.toJSONSchema(schema!)]),
    );
    const described = Object.entries(route.params ?? {}).map(([key, schema]) => [
      key,
      z.toJSONSchema(schema),
    ]);
    expect(params).toEqual(route.answer === 'file' ? {} : Object.fromEntries(described));
  });
});

it('points only to schemas that it has', () => {
  const pointed = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
    ([, id]) => id!,
  );
  expect(pointed.length).toBeGreaterThan(20);
  expect(JSON.stringify(document)).not.toContain('$defs');
  for (const id of pointed) expect(document.components.schemas).toHaveProperty(id);
});
