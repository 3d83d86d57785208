import type { OwnHttpServer } from '../../src/api/http/http-server.ts'
import { type ApiOptions, createApi } from '../../src/api/server.ts'
import { publishPage } from '../../src/trading/access/page-address.ts'
import { letMakeTokens } from '../../src/trading/access/rows/api-tokens.ts'
import type { TestDesk, TestDeskOptions } from '../support/desk.ts'
import { deskTest } from '../support/desk-test.ts'
import type { Someone } from '../talk/commands/someone.ts'

/** The API of a desk, listening. */
export interface ServedApi {
  url: string
  server: OwnHttpServer
  close(): Promise<void>
}

/** Serves the API of an open desk on a free port, and tells the desk its address. */
export async function serveApi(
  { desk }: Pick<TestDesk, 'desk'>,
  options: Partial<ApiOptions> = {},
): Promise<ServedApi> {
  const server = createApi(desk, { port: 0, loginsPerMinute: 10_000, ...options })
  await server.open()
  const url = `http://127.0.0.1:${server.port}`
  const page = publishPage(desk.parts.redis, { address: url, isSet: false }, desk.parts.log)
  return {
    url,
    server,
    async close() {
      page.close()
      await server.close()
    },
  }
}

/** Gives a `test` with one desk and its API for the whole file, as `deskTest` does. */
export function apiTest(options: TestDeskOptions = {}) {
  const made = deskTest(options)
  const test = made.test.extend('api', { scope: 'file' }, async ({ desk }, { onCleanup }) => {
    const served = await serveApi(desk)
    onCleanup(() => served.close())
    return served
  })
  return { ...made, test }
}

/** An answer of the API. */
export interface Answered {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of any shape
  body: any
  headers: Headers
}

/** Somebody who uses the API: a page with its cookie, a program with its token, or nobody. */
export interface Client {
  headers: Record<string, string>
  get(path: string, headers?: Record<string, string>): Promise<Answered>
  post(path: string, body?: object, headers?: Record<string, string>): Promise<Answered>
  del(path: string, headers?: Record<string, string>): Promise<Answered>
}

let keys = 0
/** A key for a request that is another thing than all before. */
export const newKey = () => `key-${++keys}`

/** A client that sends these headers with each request. What changes something has a new key, unless a test gives one. */
export function client({ url }: Pick<ServedApi, 'url'>, own: Record<string, string> = {}): Client {
  const send = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { ...own, ...(body && { 'content-type': 'application/json' }), ...headers },
      body: body && JSON.stringify(body),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json;')
    return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers }
  }
  return {
    headers: own,
    get: (path, headers = {}) => send('GET', path, headers),
    post: (path, body = {}, headers = {}) => send('POST', path, { 'idempotency-key': newKey(), ...headers }, body),
    del: (path, headers = {}) => send('DELETE', path, { 'idempotency-key': newKey(), ...headers }),
  }
}

/** The one-time token in the link that `dashboard` answers with. */
export async function linkToken(person: Someone): Promise<string> {
  const said = await person.say('dashboard')
  const token = /\/login#t=([\w-]{43})/.exec(said)?.[1]
  if (token === undefined) throw new Error(`there is no link in: ${said}`)
  return token
}

/** Opens the page of a person: asks for the link in chat, and signs in with it. */
export async function signIn(api: ServedApi, person: Someone): Promise<Client> {
  const browser = client(api, { origin: api.url, 'sec-fetch-site': 'same-origin', 'user-agent': 'Firefox/130 (Linux)' })
  const { status, headers, body } = await browser.post('/api/login', { token: await linkToken(person) })
  if (status !== 200) throw new Error(`could not sign in: ${JSON.stringify(body)}`)
  const cookie = headers.get('set-cookie')!.split(';')[0]!
  return client(api, { ...browser.headers, cookie })
}

/** Makes a token for a person in chat, and a program that uses it. */
export async function program(
  api: ServedApi,
  { desk }: TestDesk,
  person: Someone,
  scope: 'read' | 'trade' = 'trade',
  name = `robot${++keys}`,
): Promise<Client> {
  await letMakeTokens(desk.parts.db, await memberOf(desk, person), true)
  const said = await person.say(`token new ${name} ${scope}`)
  const token = /`(dh_[\w-]{43})`/.exec(said)?.[1]
  if (token === undefined) throw new Error(`there is no token in: ${said}`)
  return client(api, { authorization: `Bearer ${token}` })
}

/** The id of a person's member; the desk meets them first if it has not. */
export async function memberOf({ parts }: TestDesk['desk'], person: Someone): Promise<number> {
  await person.say('positions')
  const row = await parts.db
    .selectFrom('member_identities')
    .select('member_id')
    .where('platform_id', '=', `slack:T1:${person.name.toUpperCase()}`)
    .executeTakeFirstOrThrow()
  return row.member_id
}
