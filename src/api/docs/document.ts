import { z } from 'zod'
import { contract } from '../contract/index.ts'
import type { Row } from '../contract/row.ts'
import { problem } from '../contract/shapes.ts'
import { type OtherRoute, otherRoutes } from './streams.ts'

type Schema = Record<string, unknown>

/** Makes the OpenAPI 3.1 document of the contract. `address` is that of this server, if it is known. */
export function openApiDocument(address?: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const [name, row] of Object.entries(contract) as [string, Row][]) {
    paths[row.path] = { ...paths[row.path], [row.method.toLowerCase()]: operationOf(name, row) }
  }
  for (const route of otherRoutes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: otherOperation(route) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Deskhand',
      version: '1',
      summary: 'A trading desk: what its members see and do, for programs',
      description: 'Amounts are decimals in strings, times are ISO 8601 in UTC, lists have cursors. See docs/api.md.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: address ?? '/' }],
    security: [{ token: [] }, { session: [] }],
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'A token of `token new NAME read|trade`' },
        session: { type: 'apiKey', in: 'cookie', name: 'deskhand', description: 'The session of the page' },
      },
    },
  }
}

function otherOperation({ id, path, summary, needs, isOpen, parameters, answer }: OtherRoute): object {
  const { status, type, description } = answer
  return {
    operationId: id,
    summary,
    description: needs,
    tags: [path.startsWith('/api/') ? path.split('/')[2]! : path.split('/')[1]!],
    ...(isOpen && { security: [] }),
    parameters: parameters.map((one) => ({ ...one, required: one.in === 'path', schema: { type: 'string' } })),
    ...(status === 202 && {
      requestBody: { required: true, content: { 'text/plain': { schema: { type: 'string', maxLength: 8192 } } } },
    }),
    responses: {
      [status]: {
        description,
        ...(type && { content: { [type]: { schema: { type: status === 202 ? 'object' : 'string' } } } }),
      },
      default: refusal,
    },
  }
}

const refusal = {
  description: 'Not done; `code` says why',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

function operationOf(name: string, row: Row): object {
  const { summary, needs, acts, body, type } = row
  const answer = { [type?.split(';')[0] ?? 'application/json']: { schema: schemaOf(row.answer, 'output') } }
  return {
    operationId: name,
    summary,
    tags: [row.path.split('/')[2]!.split('.')[0]!],
    ...(needs === 'nobody' && { security: [] }),
    ...(row.bySession && { security: [{ session: [] }] }),
    parameters: [
      ...parametersOf(row.params, 'path'),
      ...parametersOf(row.query, 'query'),
      ...(acts ? [idempotencyKey] : []),
    ],
    ...(body && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body, 'input') } } },
    }),
    responses: {
      200: { description: 'Done, or the answer', content: answer },
      default: refusal,
    },
  }
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description: 'Another one for each thing; the same one again asks for the same thing, and gets the same answer',
  schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[!-~]+$' },
}

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): object[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Schema>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...own }]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: own,
  }))
}

/** The JSON Schema of a schema. The format of a moment says enough, without the long pattern of all dates. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...own } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema }) {
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
    },
  })
  return own
}
