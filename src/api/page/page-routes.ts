import { readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Route } from '../../base/http.ts'
import { json, send } from '../http/answer.ts'
import { overTls, pageHeaders } from '../http/security-headers.ts'

/** The folder in which `npm start` builds the page. */
export const builtPage = fileURLToPath(new URL('../../../.deskhand/page', import.meta.url))

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** A file of the built page, with its compressed forms by their names in `accept-encoding`. */
interface File {
  type: string
  /** Its name changes with its content, so a browser may keep it for ever. */
  isNamedByContent: boolean
  forms: Map<string, Buffer>
}

/**
 * The routes of the built page in a folder (`src/setup/page.mjs`): the page itself at `/` and `/login`, and its files. They are
 * read once, and hold nothing of a member. Without a built page `/` says how it is made.
 */
export function pageRoutes(folder: string, { isSecure }: { isSecure: boolean }): Route[] {
  const files = readPage(folder)
  const headers = { ...pageHeaders, ...(isSecure && overTls) }
  const route = (path: string, file: (request: IncomingMessage) => File | undefined): Route => ({
    path,
    methods: ['GET', 'HEAD'],
    handle(request, response) {
      const found = file(request)
      if (found) sendFile(request, response, found, headers)
      else send(request, response, { ...json(404, absent(files.size === 0)), headers })
    },
  })
  const index = () => files.get('/index.html')
  return [
    route('/', index),
    route('/login', index),
    ...['/icon.svg', '/notices.js'].map((path) => route(path, () => files.get(path))),
    // Browsers ask for it by themselves, on pages that are no HTML.
    route('/favicon.ico', () => files.get('/icon.svg')),
    route('/assets/*', ({ url }) => files.get(url?.split('?')[0] ?? '')),
  ]
}

const absent = (isUnbuilt: boolean) =>
  isUnbuilt
    ? { code: 'NO_PAGE', message: 'The page is not built on this machine.', hint: '`npm start` builds it' }
    : { code: 'NOT_FOUND', message: 'There is nothing here.', hint: null }

function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { type, isNamedByContent, forms }: File,
  headers: Record<string, string>,
): void {
  const accepted = String(request.headers['accept-encoding'] ?? '')
  const encoding = ['br', 'gzip'].find((one) => forms.has(one) && new RegExp(`\\b${one}\\b`).test(accepted))
  const body = forms.get(encoding ?? '')!
  response.writeHead(200, {
    'content-type': type,
    'content-length': body.length,
    'cache-control': isNamedByContent ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: 'accept-encoding',
    ...(encoding && { 'content-encoding': encoding }),
    ...headers,
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

function readPage(folder: string): Map<string, File> {
  const files = new Map<string, File>()
  for (const [dir, at] of [
    [folder, '/'],
    [join(folder, 'assets'), '/assets/'],
  ] as const) {
    for (const name of namesIn(dir)) {
      const type = types[extname(name)]
      if (!type) continue
      const forms = new Map([['', readFileSync(join(dir, name))]])
      for (const [encoding, ending] of [
        ['br', '.br'],
        ['gzip', '.gz'],
      ] as const) {
        if (namesIn(dir).includes(name + ending)) forms.set(encoding, readFileSync(join(dir, name + ending)))
      }
      files.set(at + name, { type, isNamedByContent: at === '/assets/', forms })
    }
  }
  return files
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
