import type { ProviderStatus } from '../../base/provider-status.ts'
import type { Db } from '../../infra/db/client.ts'
import { calendarFor } from '../../market/indicators/sessions.ts'
import { marksOf } from '../../market/marks.ts'
import type { Parts } from '../../trading/parts.ts'
import { type Dependence, dependenceOf, type Priced } from './rules/outage.ts'
import { type AccountSource, accountOf } from './sources.ts'
import { wordOf } from './told.ts'

/** An account with open positions that depend on a source. */
export interface Dependant {
  accountId: number
  memberId: number
  /** The conversation of its newest position among them. */
  conversationId?: number
  /** Symbols that nothing else serves. */
  alone: string[]
  /** Symbols that other sources serve, and the names of these. */
  replaced: string[]
  fallbacks: string[]
  /** The lost source is the account's broker. */
  isBroker: boolean
}

interface Held {
  accountId: number
  memberId: number
  conversationId?: number
  symbol: string
}

/** The accounts whose open positions depend on a source now. */
export async function dependantsOn(
  parts: Pick<Parts, 'db' | 'market' | 'clock'>,
  source: Pick<ProviderStatus, 'name' | 'account'>,
  connected: Set<string>,
): Promise<Dependant[]> {
  const broker = accountOf(source)
  const held = await openPositions(parts.db, broker)
  if (broker) return grouped(held, () => 'alone', true)
  const order = parts.market.name.split(',').map(wordOf)
  const bySymbol = new Map<string, Dependence>()
  for (const symbol of new Set(held.map((one) => one.symbol))) {
    bySymbol.set(symbol, dependenceOf(await pricedNow(parts, symbol), wordOf(source.name), { order, connected }))
  }
  return grouped(held, (symbol) => bySymbol.get(symbol) ?? 'none', false)
}

/** Open positions, newest first: all, or those of an account at a broker. */
async function openPositions(db: Db, broker?: AccountSource): Promise<Held[]> {
  const rows = await db
    .selectFrom('positions as p')
    .innerJoin('accounts as a', 'a.id', 'p.account_id')
    .select(['p.account_id', 'a.member_id', 'p.conversation_id', 'p.symbol'])
    .where('p.closed_at', 'is', null)
    .where('a.unlinked_at', 'is', null)
    .$if(broker !== undefined, (query) =>
      query
        .where('a.venue', '=', broker!.venue)
        .where((eb) =>
          broker!.account === undefined
            ? eb('a.masked_number', 'like', `%${broker!.ending}`)
            : eb('a.venue_account', '=', broker!.account),
        ),
    )
    .orderBy('p.id', 'desc')
    .execute()
  return rows.map((row) => ({
    accountId: row.account_id,
    memberId: row.member_id,
    symbol: row.symbol,
    ...(row.conversation_id !== null && { conversationId: row.conversation_id }),
  }))
}

async function pricedNow({ market, clock }: Pick<Parts, 'market' | 'clock'>, symbol: string): Promise<Priced> {
  const instrument = market.instrument(symbol)
  const isOpen =
    instrument?.isReplayed === true || calendarFor(instrument ?? { symbol }).sessionAt(clock.now()) !== undefined
  const quote = await marksOf(market)
    .quote(symbol)
    .catch(() => undefined)
  return { symbol, isOpen, ...(quote && !quote.stale && { freshFrom: wordOf(quote.source) }) }
}

function grouped(held: Held[], dependence: (symbol: string) => Dependence, isBroker: boolean): Dependant[] {
  const byAccount = new Map<number, Dependant>()
  for (const { accountId, memberId, conversationId, symbol } of held) {
    const its = dependence(symbol)
    if (its === 'none') continue
    const one = byAccount.get(accountId) ?? { accountId, memberId, alone: [], replaced: [], fallbacks: [], isBroker }
    one.conversationId ??= conversationId
    one[its === 'alone' ? 'alone' : 'replaced'].push(symbol)
    if (its !== 'alone' && !one.fallbacks.includes(its.fallback)) one.fallbacks.push(its.fallback)
    byAccount.set(accountId, one)
  }
  return [...byAccount.values()]
}
