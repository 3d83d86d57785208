import { type Big, zero } from '../../base/amounts.ts'
import { Refusal } from '../../base/refusal.ts'
import { type RefusalCode, refusalCodes } from '../../base/refusal-codes.ts'
import type { Trx } from '../../infra/db/client.ts'
import { calendarOf } from '../../market/calendar.ts'
import type { Quote } from '../../market/market.ts'
import { marksOf } from '../../market/marks.ts'
import { sectorOf } from '../../prediction/features/sectors.ts'
import type { Columns } from '../../strategies/screeners/strategy.ts'
import { bookOf } from '../../trading/accounts/rows/account-book.ts'
import { liveOpenings } from '../../trading/orders/rows/opening-orders.ts'
import { openPositions } from '../../trading/positions/rows/positions.ts'
import { unrealizedPnl } from '../../trading/positions/rules/position.ts'
import { protectionOfAccount } from '../../trading/protection/rows/protective-orders.ts'
import type { AgentParts } from '../parts.ts'
import { lockAgent } from '../rows/agents.ts'
import { keepEntry } from '../rows/decisions.ts'
import { broughtInto, tradesOf } from '../rows/standing.ts'
import type { Agent, Decision } from '../rules/agent.ts'
import { lossFacts } from '../rules/bases.ts'
import { checksBefore } from '../rules/checks.ts'
import type { AgentOrder, Facts } from '../rules/facts.ts'
import { paperLimits } from '../rules/limits.ts'
import { checkedBars, rangeOf, returnsOf, volatilityOf } from '../rules/movement.ts'
import type { AgentStrategy } from '../strategies.ts'
import { hasNoHours } from './due.ts'
import { haltBy } from './halt.ts'

/** Finished daily bars by symbol. */
export type CheckedBars = ReadonlyMap<string, Columns>

/** The bars that the checks before an entry look at: those of the symbol, and of all that its account holds or buys. */
export async function barsToCheck(parts: AgentParts, { accountId }: Agent, symbol: string): Promise<CheckedBars> {
  const [open, working] = await Promise.all([openPositions(parts.db, accountId), liveOpenings(parts.db, accountId)])
  const today = parts.clock.now().toISOString().slice(0, 10)
  const bars = new Map<string, Columns>()
  for (const one of new Set([symbol, ...open.map((held) => held.symbol), ...working.map((order) => order.symbol)])) {
    const found = await parts.runs.bars.daily(one, checkedBars, today).catch((cause) => {
      // Without bars a symbol counts as moving with all others, and without a known range.
      parts.log.warn({ err: cause, symbol: one }, 'an agent checks its entry without these bars')
      return undefined
    })
    if (found && found.days.length > 0) bars.set(one, found)
  }
  return bars
}

/** An entry that is to be checked. */
export interface ToCheck {
  agent: Agent
  decision: Decision
  order: Omit<AgentOrder, 'opens' | 'price' | 'stop'>
  /** The distance of its stop, as a share of the entry. */
  stopShare?: number
  quote: Quote
  bars: CheckedBars
  strategy?: AgentStrategy
}

/**
 * Checks an entry under the lock of its account, and keeps every check with its figure in the transaction that writes the order. Returns the
 * largest size up to the wanted one that passes, or the refusal. A check that halts the agent halts it.
 */
export async function checkEntry(
  trx: Trx,
  parts: AgentParts,
  { agent: { id }, decision, order: wanted, stopShare, quote, bars, strategy }: ToCheck,
  price: Big,
): Promise<Big | Refusal> {
  const agent = (await lockAgent(trx, id))!
  const away = stopShare === undefined ? undefined : price.times(stopShare.toFixed(6))
  const order: AgentOrder = {
    ...{ ...wanted, price, opens: true },
    ...(away && { stop: wanted.side === 'buy' ? price.minus(away) : price.plus(away) }),
  }
  const facts = await factsOf(trx, parts, agent, { decision, order, quote, bars, strategy })
  const { passes, checks, refusing, largest, standing } = checksBefore(order, facts, paperLimits)
  const fits = largest.gt(order.quantity) ? order.quantity : largest
  await keepEntry(trx, id, decision, { wanted: order.quantity, ordered: passes ? order.quantity : fits, checks })
  const [halting] = standing.halts
  if (halting) await haltBy(trx, parts, agent, halting, facts.at)
  if (passes) return order.quantity
  return fits.gt(0) ? fits : checkRefusal(refusing!.code)
}

/** The refusal of an entry by a check; the figure is with the decision. */
const checkRefusal = (code: RefusalCode): Refusal => new Refusal(code, refusalCodes[code])

type Asked = Pick<ToCheck, 'decision' | 'quote' | 'bars' | 'strategy'> & { order: AgentOrder }

/** All that the checks read, at this moment. */
async function factsOf(
  trx: Trx,
  parts: AgentParts,
  agent: Agent,
  { decision, order: { symbol }, quote, bars, strategy }: Asked,
): Promise<Facts> {
  const at = parts.clock.now()
  const [book, working, protection, trades, brought] = [
    await bookOf(trx, agent.accountId),
    await liveOpenings(trx, agent.accountId),
    await protectionOfAccount(trx, agent.accountId),
    await tradesOf(trx, agent.id, decision.day),
    await broughtInto(trx, agent.accountId),
  ]
  let equity = book.start.plus(book.realized)
  let isKnown = true
  const positions = []
  for (const position of book.open) {
    // The account is locked, so a price in doubt is not waited for. One that is missing makes the equity unknown: that is stale data.
    const mark = await marksOf(parts.market)
      .now(position.symbol)
      .catch(() => undefined)
    isKnown &&= mark !== undefined
    const price = mark?.last ?? position.openCost.div(position.signedQuantity.abs())
    equity = equity.plus(unrealizedPnl(position, price))
    const stop = protection.get(position.id)?.stop?.price
    const { signedQuantity } = position
    positions.push({ symbol: position.symbol, signedQuantity, mark: price, ...(stop && { stop }) })
  }
  const other = parts.market.disagreements?.().find((one) => one.symbol === symbol)?.prices[1].price
  const own = bars.get(symbol)
  const volatility = own && volatilityOf(own)
  const session = hasNoHours(parts) ? 'always' : sessionOf(symbol, at)
  const secondsSince = trades.last && ((at.getTime() - trades.last.getTime()) / 1000) * parts.clock.scale
  return {
    ...{ at, isHalted: agent.halt !== undefined, ...(session && { session }) },
    ...lossFacts(agent, { equity, brought }),
    positions,
    working: working.map(({ symbol: of, side, quantity, filledQuantity, limit, expectedPrice }) => ({
      ...{ symbol: of, side, left: quantity.minus(filledQuantity), price: limit?.price ?? expectedPrice ?? zero },
    })),
    ranges: new Map(
      [...bars].flatMap(([of, columns]) => [rangeOf(columns)].flatMap((one) => (one ? [[of, one]] : []))),
    ),
    sectors: new Map([...bars.keys()].flatMap((of) => [sectorOf(of)].flatMap((one) => (one ? [[of, one]] : [])))),
    returns: new Map([...bars].map(([of, columns]) => [of, returnsOf(columns)])),
    ...(volatility && { volatility }),
    trades: { today: trades.today, ...(secondsSince !== undefined && { secondsSince }) },
    quote: {
      ageSeconds: isKnown ? Math.max(0, (at.getTime() - quote.at.getTime()) / 1000) : Number.NaN,
      ...{ price: quote.last, ...(other && { second: other }) },
    },
    ...(strategy?.modelFacts && { model: strategy.modelFacts(decision.numbers) }),
  }
}

function sessionOf(symbol: string, at: Date): Facts['session'] {
  const calendar = calendarOf(symbol)
  return calendar.isAlwaysOpen ? 'always' : calendar.sessionAt(at)
}
