/** The OpenAPI 3.1 document of /api/v1, made of the routes and their schemas. */
import { z } from 'zod';

import { problemV1 } from '../schema/v1.ts';
import type { RouteV1 } from './route.ts';

type Json = Readonly<Record<string, unknown>>;

/** The document. @param version - of this program */
export function openApi(routes: readonly RouteV1[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const each of routes) {
    const path = (paths[each.path] ??= {});
    path[each.method.toLowerCase()] = operation(each);
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Overspan', version },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      responses: {
        problem: {
          description: 'what went wrong, with a code and a remedy',
          content: { 'application/problem+json': { schema: schemaOf(problemV1, 'output') } },
        },
      },
    },
  };
}

function operation(each: RouteV1): Json {
  const { path, scope, summary, body, query, answer, status = 200, revision } = each;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const isChange = each.method !== 'GET';
  const parameters = [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...queryParameters(query),
    ...(revision !== undefined && isChange
      ? [{ name: 'If-Match', in: 'header', required: false, schema: { type: 'string' } }]
      : []),
  ];
  return {
    summary,
    description: `needs the scope ${scope}`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body, 'input') } },
          },
        }),
    responses: {
      ...(answer === null
        ? { 204: { description: 'done' } }
        : {
            [status]: {
              description: summary,
              content: { 'application/json': { schema: schemaOf(answer, 'output') } },
            },
          }),
      default: { $ref: '#/components/responses/problem' },
    },
  };
}

function queryParameters(query: z.ZodType | undefined): Json[] {
  if (query === undefined) return [];
  const { properties } = schemaOf(query, 'input') as { properties?: Record<string, Json> };
  return Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const made: Record<string, unknown> = {
    ...z.toJSONSchema(schema, { io, unrepresentable: 'any' }),
  };
  // OpenAPI 3.1 has one dialect for all of them.
  delete made['$schema'];
  return made;
}
