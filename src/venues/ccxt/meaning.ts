import { inOneLine } from '../shared/rest-client.ts'
import type { VenueRefusalCode } from '../venue.ts'

/** The answer to one request, as far as it came. */
export interface Trace {
  /** The status of the answer; absent: none came. */
  status?: number
  text?: string
}

/**
 * The meaning of an error of a call. `unknown`: it proves nothing. The others prove that nothing was taken: `nonce` (the request was out of
 * turn), `busy` (too many requests), `keys` (the credentials are wrong), or a refusal.
 */
export type Meaning = { kind: 'unknown' | 'nonce' | 'busy' | 'keys' } | { kind: 'refused'; code: VenueRefusalCode }

/** By the exchange's words, where CCXT's classes say something else. The first that fits counts. */
const byWords: [words: RegExp, meaning: Meaning][] = [
  // Kraken's matching engine was asked and did not say; CCXT has a plain error for it.
  [/EService:(Timeout|Unavailable|Busy|Deadline)|E(General|Database|Trade):Internal error/i, { kind: 'unknown' }],
  // Binance: the order was sent on, and its fate is not known.
  [/"code":\s*"?-(1006|1007)\b/, { kind: 'unknown' }],
  [/invalid nonce|"code":\s*"?-1021\b/i, { kind: 'nonce' }],
  [/rate limit exceeded|too many requests|temporary lockout/i, { kind: 'busy' }],
  [/EAPI:Invalid (key|signature)|"code":\s*"?-(2014|2015|1022)\b/i, { kind: 'keys' }],
  [/permission denied|user locked|account.*(disabled|suspended)/i, { kind: 'refused', code: 'OTHER' }],
  [
    /cl_?ord_?id.*(not unique|already|duplicate)|duplicate.*(client.?order|order sent)/i,
    { kind: 'refused', code: 'DUPLICATE' },
  ],
  [/insufficient (funds?|balance)|INSUFFICIENT_FUND/i, { kind: 'refused', code: 'NOT_ENOUGH_MONEY' }],
  [
    /unknown order|order (does not|doesn.t) exist|order not found|UNKNOWN_CANCEL_ORDER/i,
    { kind: 'refused', code: 'NO_SUCH_ORDER' },
  ],
  [/market in (cancel|post)_only|market is closed|trading.*(disabled|halted)/i, { kind: 'refused', code: 'HALTED' }],
  [/unknown asset|(unknown|invalid) (asset pair|symbol)/i, { kind: 'refused', code: 'NOT_TRADED' }],
  [/tick size|invalid price|PRICE_FILTER/i, { kind: 'refused', code: 'BAD_PRICE' }],
  [
    /(minimum|min_?notional|NOTIONAL|LOT_SIZE|:volume|invalid.*(volume|size|quantity)|INVALID_(BASE_)?SIZE)/i,
    { kind: 'refused', code: 'BAD_QUANTITY' },
  ],
  [/\bprice\b/i, { kind: 'refused', code: 'BAD_PRICE' }],
]

/** By CCXT's classes, the narrowest first. */
const byClass: [name: string, meaning: Meaning][] = [
  ['InvalidNonce', { kind: 'nonce' }],
  ['RateLimitExceeded', { kind: 'busy' }],
  ['DDoSProtection', { kind: 'busy' }],
  ['OnMaintenance', { kind: 'refused', code: 'HALTED' }],
  ['NetworkError', { kind: 'unknown' }],
  ['OperationFailed', { kind: 'unknown' }],
  ['PermissionDenied', { kind: 'refused', code: 'OTHER' }],
  ['AuthenticationError', { kind: 'keys' }],
  ['InsufficientFunds', { kind: 'refused', code: 'NOT_ENOUGH_MONEY' }],
  ['DuplicateOrderId', { kind: 'refused', code: 'DUPLICATE' }],
  ['OrderNotFound', { kind: 'refused', code: 'NO_SUCH_ORDER' }],
  ['CancelPending', { kind: 'refused', code: 'NOT_CHANGEABLE' }],
  ['InvalidOrder', { kind: 'refused', code: 'OTHER' }],
  ['BadSymbol', { kind: 'refused', code: 'NOT_TRADED' }],
  ['MarketClosed', { kind: 'refused', code: 'MARKET_CLOSED' }],
  ['OperationRejected', { kind: 'refused', code: 'OTHER' }],
  ['BadRequest', { kind: 'refused', code: 'OTHER' }],
  ['ArgumentsRequired', { kind: 'refused', code: 'OTHER' }],
  ['NotSupported', { kind: 'refused', code: 'OTHER' }],
]

/** Categories of Kraken's that say for certain that nothing was taken, whatever stands behind them. */
const definite = /"E(Order|Query|API|Trade|Account|BM|Funding|General:(Invalid|Unknown|Permission))/

/**
 * The meaning of an error. CCXT's classes are not enough: some look definite and are not, others the other way round. Without an answer of
 * the exchange's own, nothing is proven.
 */
export function meaningOf(cause: unknown, { status, text }: Trace): Meaning {
  const said = `${text ?? ''} ${cause instanceof Error ? cause.message : ''}`
  const [names, isOwn] = [classesOf(cause), text !== undefined && isJson(text)]
  if (status === 429 || status === 418) return { kind: 'busy' }
  if (status === undefined) {
    // CCXT itself refused the call before it sent anything.
    const own = byClass.find(([name, { kind }]) => names.includes(name) && kind === 'refused')
    return own?.[1] ?? { kind: 'unknown' }
  }
  if (status === 401) return { kind: 'keys' }
  // A server's failure, or a page of a proxy.
  if (status >= 500 || !isOwn) return { kind: 'unknown' }
  const worded = byWords.find(([pattern]) => pattern.test(said))
  if (worded && (worded[1].kind !== 'refused' || isRefusal(names, status, said))) return worded[1]
  const classed = byClass.find(([name]) => names.includes(name))
  if (classed) return classed[1]
  return isRefusal(names, status, said) ? { kind: 'refused', code: 'OTHER' } : { kind: 'unknown' }
}

/** Does an answer say that the exchange did not do it, whatever the reason? A class of CCXT alone is not enough. */
const isRefusal = (names: string[], status: number, said: string): boolean =>
  (status >= 400 && status < 500) ||
  definite.test(said) ||
  /"success":\s*"?false/.test(said) ||
  byClass.some(([name, { kind }]) => kind === 'refused' && names.includes(name))

/** The classes of an error, the narrowest first. */
function classesOf(cause: unknown): string[] {
  const names: string[] = []
  for (let proto = Object.getPrototypeOf(cause ?? {}); proto?.constructor; proto = Object.getPrototypeOf(proto))
    names.push(proto.constructor.name)
  return names
}

/** The exchange's own words in an answer: those of Kraken's `error`, or a message; else CCXT's. */
export function wordsOf(cause: unknown, { text }: Trace): string {
  const body = text === undefined ? undefined : jsonIn(text)
  const told = body && (said(body.error) ?? said(body.msg) ?? said(body.error_response) ?? said(body.message))
  return inOneLine(told ?? (cause instanceof Error ? cause.message : 'it gives no reason'))
}

function said(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value
  if (Array.isArray(value)) return value.length > 0 ? value.map(String).join('; ') : undefined
  if (typeof value !== 'object' || value === null) return undefined
  const { message, error, error_details } = value as Record<string, unknown>
  return said(message) ?? said(error_details) ?? said(error)
}

const isJson = (text: string) => jsonIn(text) !== undefined

function jsonIn(text: string): Record<string, unknown> | undefined {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
