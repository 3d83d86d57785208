import { z } from 'zod'
import { createBudget } from '../budget.ts'
import type { SourceHealth } from '../shared/source-health.ts'

/** The way to Yahoo's undocumented endpoints. Every call throws `YahooFault` when nothing was learned. */
export interface YahooClient {
  /** The quotes that Yahoo has of these symbols, at most `mostSymbols`, as it writes them. */
  quotes(symbols: string[]): Promise<unknown[]>
  /** The chart of a symbol; undefined when Yahoo says that it has none. `from` and `to` are Unix seconds. */
  chart(symbol: string, query: { interval: string; from: number; to: number }): Promise<unknown | undefined>
  /** The instruments that Yahoo finds for some words, best first. */
  search(words: string): Promise<unknown[]>
  /** The news that Yahoo finds for a symbol, as it writes them. */
  news(symbol: string): Promise<unknown[]>
  /** Requests left in this minute, and of how many. */
  budget(): { left: number; of: number; perMs: number }
}

/** Yahoo gave no usable answer, so nothing is known. The message is for people. */
export class YahooFault extends Error {
  override name = 'YahooFault'
}

/** Settings of the client that tests change. */
export interface YahooClientOptions {
  /** The base of all paths. */
  api: string
  health: SourceHealth
  /** Requests in a minute. Yahoo publishes no limit; this is far below those at which people report 429. */
  perMinute?: number
  /** The pause after a first fault, in milliseconds; it doubles with every further one, up to fifteen minutes. */
  pauseMs?: number
  timeoutMs?: number
}

/** Yahoo's own host, where cookies come from another one. */
export const yahooApi = 'https://query2.finance.yahoo.com'
const yahooCookies = 'https://fc.yahoo.com/'

/** The most symbols in one question for quotes. */
export const mostSymbols = 100

const minuteMs = 60_000
const longestPauseMs = 900_000
/** A larger answer is not read: the largest chart is below a tenth of it. */
const mostBytes = 16_000_000
const longestCrumb = 64
// Yahoo answers programs that do not look like a browser with 429.
const userAgent = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'

interface Answer {
  status: number
  text: string
  retryAfterMs?: number
}

/** A cookie and the crumb that belongs to it. */
interface Pass {
  cookie: string
  crumb: string
}

const quoteAnswer = z.object({ quoteResponse: z.object({ result: z.array(z.unknown()).nullable() }) })
const chartAnswer = z.object({
  chart: z.object({
    result: z.array(z.unknown()).nullish(),
    error: z.object({ code: z.string(), description: z.string().nullish() }).nullish(),
  }),
})
const searchAnswer = z.object({ quotes: z.array(z.unknown()) })
const newsAnswer = z.object({ news: z.array(z.unknown()) })

/** Creates a client. It asks nothing before the first call. */
export function createYahooClient(options: YahooClientOptions): YahooClient {
  const { api, health, perMinute = 60, pauseMs = 5000, timeoutMs = 5000 } = options
  const base = api.replace(/\/$/, '')
  const cookies = base === yahooApi ? yahooCookies : `${base}/`
  const budget = createBudget(perMinute, minuteMs)
  let failures = 0
  let pass: Promise<Pass> | undefined

  /** Ends the call in a fault: Yahoo is left alone for a while, longer with every fault in a row. */
  function fail(words: string, leastMs = 0): never {
    failures += 1
    const pause = Math.max(leastMs, Math.min(longestPauseMs, pauseMs * 2 ** (failures - 1)))
    budget.pause(pause)
    health.failed(words)
    throw new YahooFault(words)
  }

  function heard(): void {
    failures = 0
    health.heard()
  }

  async function send(url: string, headers: Record<string, string>): Promise<Answer> {
    // Being out of our own budget, or in a pause, is no new fault of Yahoo's.
    if (!budget.take()) throw new YahooFault(`Yahoo is not asked for another ${Math.ceil(budget.waitMs() / 1000)} s`)
    const over = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(url, {
        headers: { 'user-agent': userAgent, accept: '*/*', ...headers },
        redirect: 'manual',
        signal: over,
      })
      const cookie = response.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; ')
      const text = url === cookies ? cookie : await bodyOf(response)
      if (url === cookies) await response.body?.cancel()
      const after = Number(response.headers.get('retry-after'))
      return { status: response.status, text, ...(after > 0 && { retryAfterMs: after * 1000 }) }
    } catch (cause) {
      return fail(
        over.aborted ? `Yahoo did not answer within ${timeoutMs} ms` : `Yahoo cannot be reached: ${reason(cause)}`,
      )
    }
  }

  async function newPass(): Promise<Pass> {
    const { text: cookie, status, retryAfterMs } = await send(cookies, { accept: 'text/html' })
    if (cookie === '') return fail(`Yahoo gave no cookie (${status})`, retryAfterMs)
    const answer = await send(`${base}/v1/test/getcrumb`, { cookie })
    const crumb = answer.text.trim()
    // A crumb may come with 200 and be an error in words, or a page.
    const isOne = answer.status === 200 && crumb !== '' && crumb.length <= longestCrumb && !/[\s<>{]/.test(crumb)
    if (isOne) return { cookie, crumb }
    return fail(`Yahoo gave no crumb (${answer.status})`, answer.retryAfterMs)
  }

  /** The pass in use; calls that need a new one at the same time share it. */
  function passInUse(): Promise<Pass> {
    if (!pass) {
      const asked = newPass()
      pass = asked
      asked.catch(() => {
        if (pass === asked) pass = undefined
      })
    }
    return pass
  }

  async function withPass(path: string, query: Record<string, string>): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const used = passInUse()
      const { cookie, crumb } = await used
      const answer = await send(urlOf(path, { ...query, crumb }), { cookie })
      const isRefused = answer.status === 401 || answer.status === 403
      if (!isRefused) {
        if (answer.status === 200) health.tookKey(true)
        return answer
      }
      // Another call may have got a new pass meanwhile.
      if (pass === used) pass = undefined
      if (attempt === 1) continue
      health.tookKey(false)
      return fail(`Yahoo refused a new crumb (${answer.status})`, minuteMs)
    }
  }

  const urlOf = (path: string, query: Record<string, string>) => `${base}${path}?${new URLSearchParams(query)}`

  /** The parsed body. Statuses in `definite` are answers, too. */
  function read<Shape>(
    { status, text, retryAfterMs }: Answer,
    shape: z.ZodType<Shape>,
    definite: number[] = [],
  ): Shape {
    if (status === 429) return fail('Yahoo says: too many requests (429)', Math.max(retryAfterMs ?? 0, 6 * pauseMs))
    if (status !== 200 && !definite.includes(status)) return fail(`Yahoo answered with ${status}`, retryAfterMs)
    const parsed = shape.safeParse(jsonIn(text))
    if (!parsed.success) return fail(`Yahoo answered with something else than was asked for (${status})`)
    return parsed.data
  }

  return {
    async quotes(symbols) {
      const answer = await withPass('/v7/finance/quote', {
        symbols: symbols.join(','),
        formatted: 'false',
        region: 'US',
        lang: 'en-US',
      })
      const { quoteResponse } = read(answer, quoteAnswer)
      heard()
      return quoteResponse.result ?? []
    },
    async chart(symbol, { interval, from, to }) {
      const query = { interval, period1: String(from), period2: String(to), includePrePost: 'false', events: 'split' }
      const answer = await send(urlOf(`/v8/finance/chart/${encodeURIComponent(symbol)}`, query), {})
      // 400, 404 and 422 say that there are no such bars, with the reason in the body.
      const { chart } = read(answer, chartAnswer, [400, 404, 422])
      heard()
      return answer.status === 200 ? (chart.result?.[0] ?? undefined) : undefined
    },
    async search(words) {
      const query = { q: words, quotesCount: '6', newsCount: '0', enableFuzzyQuery: 'false' }
      const { quotes } = read(await send(urlOf('/v1/finance/search', query), {}), searchAnswer)
      heard()
      return quotes
    },
    async news(symbol) {
      const query = { q: symbol, quotesCount: '0', newsCount: '30', enableFuzzyQuery: 'false' }
      const { news } = read(await send(urlOf('/v1/finance/search', query), {}), newsAnswer)
      heard()
      return news
    },
    budget: () => budget.state(),
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The body as text. Throws when it is longer than any answer is. */
async function bodyOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of response.body ?? []) {
    length += part.length
    if (length > mostBytes) throw new Error('the answer does not end')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function reason(cause: unknown): string {
  const inner = (cause as { cause?: { code?: string; message?: string } }).cause
  return inner?.code ?? inner?.message ?? (cause as Error).message
}
