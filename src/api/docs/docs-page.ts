import { contract } from '../contract/index.ts'
import type { Row } from '../contract/row.ts'

/** The routes of the API as a page without a script, for people who look. */
export function docsPage(): string {
  const rows = Object.entries(contract) as [string, Row][]
  const groups = Map.groupBy(rows, ([, row]) => row.path.split('/')[2]!.split('.')[0]!)
  const sections = [...groups].map(
    ([name, members]) => `<h2>${escaped(name)}</h2>\n${members.map(sectionOf).join('\n')}`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Deskhand: API</title>
<link rel="stylesheet" href="/api/docs.css">
</head>
<body>
<main>
<h1>The API of this desk</h1>
<p>Amounts are decimals in strings, times are ISO 8601 in UTC. What changes something takes an <code>Idempotency-Key</code>. A refusal is
<code>{"code", "message", "hint"}</code>. The whole contract is <a href="/api/openapi.json">/api/openapi.json</a> (OpenAPI 3.1).</p>
${sections.join('\n')}
</main>
</body>
</html>
`
}

function sectionOf([, row]: [string, Row]): string {
  const fields = [...fieldsOf('path', row.params), ...fieldsOf('query', row.query), ...fieldsOf('body', row.body)]
  const list = fields.length > 0 ? `<ul>${fields.join('')}</ul>` : ''
  return `<section><h3><code>${row.method} ${escaped(row.path)}</code></h3><p>${escaped(row.summary)}. <em>${needs[row.needs]}</em></p>${list}</section>`
}

const needs: Record<Row['needs'], string> = {
  nobody: 'For anyone.',
  reads: 'For members and tokens.',
  trades: 'For those who may trade.',
  owner: 'For owners.',
}

function fieldsOf(where: string, schema: Row['params']): string[] {
  return Object.entries(schema?.shape ?? {}).map(([name, field]) => {
    const description = (field as { meta(): { description?: string } | undefined }).meta()?.description
    return `<li><code>${escaped(name)}</code> (${where})${description ? `: ${escaped(description)}` : ''}</li>`
  })
}

/** The look of the page. */
export const docsStyle = `:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 }
main { max-width: 60rem; margin: 0 auto; padding: 1rem }
h3 { margin-bottom: 0; overflow-wrap: anywhere }
p, ul { margin-top: .25rem }
`

const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => signs[sign]!)
