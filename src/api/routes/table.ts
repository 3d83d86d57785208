import { contract, type RouteName } from '../contract/index.ts'
import type { Row } from '../contract/row.ts'

/** A route that a request has found, with the values in its path. */
export interface Found {
  name: RouteName
  row: Row
  params: Record<string, string>
}

interface Entry {
  name: RouteName
  row: Row
  pattern: RegExp
}

const entries: Entry[] = Object.entries(contract).map(([name, row]) => ({
  name: name as RouteName,
  row: row as Row,
  pattern: patternOf(row.path),
}))

/** `/api/scaleouts/{id}` as an expression; a parameter is one part of the path. */
function patternOf(path: string): RegExp {
  const parts = path.split('/').map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    return name ? `(?<${name}>[^/]+)` : part.replaceAll('.', '\\.')
  })
  return new RegExp(`^${parts.join('/')}$`)
}

/** Finds the route of a request. Otherwise the methods that the path takes; none when there is no such path. */
export function findRoute(method: string, path: string): Found | { methods: string[] } {
  const here = entries.filter(({ pattern }) => pattern.test(path))
  // A path without parameters comes before one with them.
  const wanted = here
    .filter(({ row }) => row.method === (method === 'HEAD' ? 'GET' : method))
    .sort((a, b) => a.row.path.split('{').length - b.row.path.split('{').length)[0]
  if (!wanted) return { methods: here.map(({ row }) => row.method) }
  const params = Object.entries(wanted.pattern.exec(path)?.groups ?? {}).map(([name, value]) => [name, decoded(value)])
  return { name: wanted.name, row: wanted.row, params: Object.fromEntries(params) }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
