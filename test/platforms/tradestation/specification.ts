import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import { specifications } from '../broker/referee.ts'

type Schema = Record<string, unknown>

interface Operation {
  parameters?: { in: string; description?: string; schema: Schema }[]
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

interface Document {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

/**
 * The published document, mended where it contradicts its own examples: placements are answered by an object and not by a list,
 * and times are texts. It is also made strict: a field that is not published is a breach.
 */
export function mendedDocument(): Document {
  const document = JSON.parse(readFileSync(`${specifications}tradestation-v3.openapi.json`, 'utf8')) as Document
  const { schemas } = document.components
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const { parameters = [] } of Object.values(methods)) {
      for (const one of parameters) {
        // A list with commas is a text to the document, and a list to Prism.
        if (one.in === 'path' && /comma/.test(one.description ?? '')) one.schema = {}
      }
    }
    if (!/orderexecution\/order(s|confirm|groups|groupconfirm)$/.test(path)) continue
    for (const content of Object.values(methods.post!.responses['200']!.content!)) {
      content.schema = content.schema.items as Schema
    }
  }
  for (const schema of Object.values(schemas)) mend(schema, schemas)
  // The example of a confirmation has a field of its own.
  const confirmation = schemas.OrderConfirmResponse!.properties as Schema
  confirmation.DisplayName = { type: 'string' }
  // The document has one route in the place of the list of its example.
  const route = schemas.Routes!
  schemas.Routes = { type: 'object', properties: { Routes: { type: 'array', items: route } } }
  return document
}

/** Mends a schema and those inside of it. */
function mend(schema: Schema, schemas: Record<string, Schema>): void {
  if (schema.type === 'strings') schema.type = 'string'
  const isEmpty = schema.type === 'object' && !schema.properties
  if (isEmpty && /timestamp|expiration date/i.test(String(schema.description))) schema.type = 'string'
  if (schema.allOf) {
    // Strictness needs one list of fields.
    const parts = (schema.allOf as Schema[]).map((part) => named(part, schemas))
    schema.properties = Object.assign({}, ...parts.map(({ properties }) => properties))
    schema.type = 'object'
    delete schema.allOf
  }
  if (schema.properties) schema.additionalProperties = false
  const inside = Object.values((schema.properties ?? {}) as Record<string, Schema>)
  for (const one of [...inside, schema.items as Schema | undefined]) if (one && !one.$ref) mend(one, schemas)
}

const named = (schema: Schema, schemas: Record<string, Schema>): Schema =>
  schema.$ref ? schemas[String(schema.$ref).split('/').at(-1)!]! : schema

/** Checks the objects of a stream, by its path, and says how one breaks the document. */
export function frameReferee(document: Document = mendedDocument()): (path: string, frame: object) => string[] {
  const ajv = new Ajv({ strict: false, validateFormats: false, logger: false })
  ajv.addSchema({ $id: 'http://document/v3', components: document.components })
  const known = new Map<string, ValidateFunction>()

  function validatorOf(path: string): ValidateFunction {
    const plain = path.split('?')[0]!
    const template = Object.keys(document.paths).find((one) =>
      new RegExp(`^${one.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(plain),
    )
    if (!template) throw new Error(`no such path: ${path}`)
    const made = known.get(template) ?? ajv.compile(schemaOf(template))
    known.set(template, made)
    return made
  }

  function schemaOf(template: string): Schema {
    const [content] = Object.values(document.paths[template]!.get!.responses['200']!.content!)
    // Each stream has heartbeats; those of options leave them out of the document.
    const all = [content!.schema, { $ref: '#/components/schemas/Heartbeat' }]
    return JSON.parse(JSON.stringify({ anyOf: all }).replaceAll('"#/', '"http://document/v3#/'))
  }

  return (path, frame) => {
    const validate = validatorOf(path)
    if (validate(frame)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }
}
