import type { Route } from '../../base/http.ts'
import { type Answer, json, send } from '../http/answer.ts'
import { dataHeaders, pageHeaders } from '../http/security-headers.ts'
import { docsPage, docsStyle } from './docs-page.ts'
import { openApiDocument } from './document.ts'

/** The documents of the API, for anyone: they say nothing that the source does not. Each is made when it is first asked for. */
export function docsRoutes(): Route[] {
  return [
    document('/api/openapi.json', () => json(200, openApiDocument(), dataHeaders)),
    document('/api/docs', () => ({
      status: 200,
      type: 'text/html; charset=utf-8',
      body: docsPage(),
      headers: pageHeaders,
    })),
    document('/api/docs.css', () => ({
      status: 200,
      type: 'text/css; charset=utf-8',
      body: docsStyle,
      headers: pageHeaders,
    })),
  ]
}

function document(path: string, make: () => Answer): Route {
  let made: Answer | undefined
  return {
    path,
    methods: ['GET', 'HEAD'],
    handle(request, response) {
      made ??= make()
      send(request, response, made)
    },
  }
}
