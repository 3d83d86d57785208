import { contract } from '../contract/index.ts'
import type { Row } from '../contract/row.ts'
import { schemaOf } from './document.ts'
import { type OtherRoute, otherRoutes } from './streams.ts'

/** The routes of the API as a page without a script, for people who look. */
export function docsPage(): string {
  const rows = Object.entries(contract) as [string, Row][]
  const groups = Map.groupBy(rows, ([, row]) => row.path.split('/')[2]!.split('.')[0]!)
  const others = `<h2>streams and hooks</h2>\n${otherRoutes.map(otherSection).join('\n')}`
  const sections = [...groups].map(
    ([name, members]) => `<h2>${escaped(name)}</h2>\n${members.map(sectionOf).join('\n')}`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Deskhand: API</title>
<link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<main>
<h1>The API of this desk</h1>
<p>Amounts are decimals in strings, times are ISO 8601 in UTC. A request that changes something takes an <code>Idempotency-Key</code>. A refusal is
<code>{"code", "message", "hint"}</code>. The whole contract is <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).</p>
${sections.join('\n')}
${others}
</main>
</body>
</html>
`
}

function sectionOf([, row]: [string, Row]): string {
  const fields = [...fieldsOf('path', row.params), ...fieldsOf('query', row.query), ...fieldsOf('body', row.body)]
  const list = fields.length > 0 ? `<ul>${fields.join('')}</ul>` : ''
  return `<section><h3><code>${row.method} ${escaped(row.path)}</code></h3><p>${worded(row.summary)}. <em>${row.bySession ? 'For members, by the page.' : needs[row.needs]}</em></p>${list}</section>`
}

const needs: Record<Row['needs'], string> = {
  nobody: 'For anyone.',
  reads: 'For members and tokens.',
  trades: 'For those who may trade.',
  owner: 'For owners.',
}

function otherSection({ method, path, summary, needs, parameters }: OtherRoute): string {
  const fields = parameters.map((one) => `<li><code>${one.name}</code> (${one.in}): ${worded(one.description)}</li>`)
  return `<section><h3><code>${method} ${escaped(path)}</code></h3><p>${worded(summary)}. <em>${worded(needs)}</em></p><ul>${fields.join('')}</ul></section>`
}

interface Field {
  type?: string
  enum?: unknown[]
  format?: string
  description?: string
  examples?: unknown[]
  default?: unknown
}

/** The fields of a schema with their types, choices and examples. */
function fieldsOf(where: string, schema: Row['params']): string[] {
  if (!schema) return []
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Field>
    required?: string[]
  }
  return Object.entries(properties).map(([name, field]) => {
    const { description, examples } = field
    const example = examples?.[0] === undefined ? '' : `, such as <code>${escaped(String(examples[0]))}</code>`
    const need = where === 'path' || required.includes(name) ? '' : ', optional'
    return `<li><code>${escaped(name)}</code> (${where}${need}): ${typeOf(field)}${example}${description ? `. ${worded(description)}` : ''}</li>`
  })
}

function typeOf(field: Field): string {
  if (field.enum) return field.enum.map((one) => `<code>${escaped(String(one))}</code>`).join(', ')
  return escaped(field.format === 'date-time' ? 'moment' : (field.type ?? 'value'))
}

/** The look of the page. */
export const docsStyle = `:root { color-scheme: light dark; background: Canvas; color: CanvasText }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 }
main { max-width: 60rem; margin: 0 auto; padding: 1rem }
h3 { margin-bottom: 0; overflow-wrap: anywhere }
p, ul { margin-top: .25rem }
`

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** Text in which back-ticks stand around code. */
const worded = (text: string) => escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>')
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => signs[sign]!)
