import { type Big, sum, zero } from '../../../base/amounts.ts'
import { dollarsText, durationText, percentText, profitText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { drawEquity } from '../../../charts/index.ts'
import { exchangeZone } from '../../../market/calendar.ts'
import { barsToShow } from '../../../market/to-show.ts'
import { bookOf } from '../../../trading/accounts/rows/account-book.ts'
import { changesOf, fillsSoFar, shortestPeriodMs, sumFillsFor } from '../../../trading/orders/rows/fill-sums.ts'
import type { Parts } from '../../../trading/parts.ts'
import { markedPositions } from '../../../trading/positions/marked.ts'
import { correctionsOf } from '../../../trading/positions/rows/undoables.ts'
import {
  type CurvePoint,
  equityCurve,
  type PriceAt,
  roundMoments,
} from '../../../trading/positions/rules/equity-curve.ts'
import { deepestFall } from '../../../trading/positions/rules/track-record.ts'
import type { Hearing, Outcome } from '../command.ts'
import { show, spanText, whenText, zoneText } from '../picture.ts'
import { exampleSymbol } from '../symbol.ts'
import { unpriced } from './marks.ts'

/** The most points of the curve. */
const mostMoments = 120
/** The market's bars are read this far back, in minutes. Before that, the prices are those of the fills. */
const furthestMinutes = 86_400
/** Longer bars would show less, and a market that builds its bars from minutes would need longer for them. */
const dayMinutes = 1440

/** The curve of equity and P&L of the speaker's account, from its first fill to now. */
export async function equityChart({ parts, speaker }: Hearing): Promise<Outcome> {
  const { db, market, clock } = parts
  const [{ first, isMany, notAddedUp }, corrections] = await Promise.all([
    fillsSoFar(db, speaker.accountId),
    correctionsOf(db, speaker.accountId),
  ])
  if (!first) {
    const instead = `Record a position with \`long ${exampleSymbol(market)} 100\``
    return new Refusal('NO_FILLS', 'Nothing was traded in your account yet, so there is no curve to draw.', instead)
  }
  await sumFillsFor(db, notAddedUp)
  const now = clock.now()
  const { step, moments } = roundMoments(first, now, mostMoments, isMany ? shortestPeriodMs : 0)
  // The fills between two of these moments are summed.
  const between = [...new Set([...moments, ...corrections.map(({ at }) => at)].map(Number))].sort((a, b) => a - b)
  const { changes, fills } = await changesOf(
    db,
    speaker.accountId,
    between.map((at) => new Date(at)),
  )
  const symbols = new Set([...changes, ...corrections].map(({ symbol }) => symbol))
  const prices = await pricesOf(parts, symbols, step, first, now)
  const { start, lacks, ...last } = await presentOf(parts, speaker.accountId)
  const timeZone = speaker.timeZone ?? exchangeZone
  // The last point comes from the ledger, so it equals the reply of `pl` to the cent.
  const points = [...equityCurve(changes, prices, moments.slice(0, -1), corrections), { ...last, at: now }]
  const priced = prices.length > 0 ? `the market's prices every ${durationText(step)}` : 'the prices of your fills'
  const { text, alt } = inWords(
    start,
    points,
    timeZone,
    `${fills} ${fills === 1 ? 'fill' : 'fills'}, at ${priced}${lacks}`,
  )
  const course = points.map(({ total }) => total.toNumber())
  return show(parts, text, { name: 'equity.png', alt, course }, () => draw(start, points, timeZone))
}

/** The market's closes of every held symbol, in bars as near to the curve's steps as the market has them. */
async function pricesOf(
  { market, clock }: Parts,
  symbols: Set<string>,
  step: number,
  from: Date,
  to: Date,
): Promise<PriceAt[]> {
  const minutes = Math.min(dayMinutes, Math.max(1, Math.round((step * clock.scale) / 60_000)))
  const count =
    Math.ceil(Math.min(((to.getTime() - from.getTime()) * clock.scale) / 60_000, furthestMinutes) / minutes) + 1
  const prices: PriceAt[] = []
  for (const symbol of symbols) {
    for (const length of new Set([minutes, dayMinutes])) {
      const bars = await barsToShow(market, symbol, length, Math.min(count, mostMoments + 1))
      const barMs = (length * 60_000) / clock.scale
      prices.push(...bars.map(({ at, close }) => ({ symbol, price: close, at: new Date(at.getTime() + barMs) })))
      if (bars.length > 0) break
    }
  }
  return prices.filter(({ at }) => at <= to)
}

/** The present P&L of the account: its booked positions at the present marks. `lacks` notes positions without a price. */
async function presentOf(
  parts: Parts,
  accountId: number,
): Promise<Omit<CurvePoint, 'at'> & { start: Big; lacks: string }> {
  const { start, realized, open: booked } = await bookOf(parts.db, accountId)
  const open = await markedPositions(parts, accountId, booked)
  const unrealized = sum(open.map((one) => one.unrealized ?? zero))
  return { start, realized, unrealized, total: realized.plus(unrealized), lacks: unpriced(open) }
}

function inWords(start: Big, points: CurvePoint[], timeZone: string, basis: string): { text: string; alt: string } {
  const { at, realized, unrealized, total } = points.at(-1)!
  const most = points.reduce((a, b) => (b.total.gt(a.total) ? b : a))
  const least = points.reduce((a, b) => (b.total.lt(a.total) ? b : a))
  const from = whenText(points[0]!.at, timeZone, true)
  const until = `${whenText(at, timeZone, true)} (${zoneText(timeZone)})`
  const equity = dollarsText(start.plus(total))
  const share = start.gt(0) ? ` (${percentText(total.div(start))} since ${dollarsText(start)})` : ''
  const text = [
    '📈 EQUITY AND P&L',
    `Equity: ${equity}${share}`,
    `Total P&L: ${profitText(total)} | Realized: ${profitText(realized)} | Unrealized: ${profitText(unrealized)}`,
    `Best: ${profitText(most.total)} | Worst: ${profitText(least.total)} | Deepest fall: ${dollarsText(deepestFall(points.map((point) => point.total)))}`,
    `From ${from} to ${until}, ${basis}`,
  ].join('\n')
  const alt = `Equity and P&L of the account from ${from} to ${until}: equity ${equity}, total P&L ${profitText(total)}, realized ${profitText(realized)}, best ${profitText(most.total)}, worst ${profitText(least.total)}.`
  return { text, alt }
}

function draw(start: Big, points: CurvePoint[], timeZone: string): Promise<Uint8Array> {
  const { at, total, realized } = points.at(-1)!
  const equity = dollarsText(start.plus(total))
  const numbers = (of: (point: CurvePoint) => Big) => points.map((point) => of(point).toNumber())
  const note = spanText(points[0]!.at, at, timeZone, true)
  const move = start.gt(0) ? { text: percentText(total.div(start)), isUp: total.gte(0) } : undefined
  return drawEquity({
    title: 'Equity and P&L',
    headline: { text: equity, move },
    note,
    times: points.map((point) => point.at),
    timeZone,
    equity: { values: numbers((point) => start.plus(point.total)), text: equity },
    start: { value: start.toNumber(), text: dollarsText(start) },
    total: { values: numbers((point) => point.total), text: profitText(total) },
    realized: { values: numbers((point) => point.realized), text: profitText(realized) },
  })
}
