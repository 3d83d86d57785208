import { sum } from '../../../base/amounts.ts'
import { priceText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { drawLadder, type Rung } from '../../../charts/index.ts'
import { exchangeZone } from '../../../market/calendar.ts'
import type { Depth, DepthLevel } from '../../../market/depth.ts'
import { hoursOf } from '../../../market/hours.ts'
import type { Parts } from '../../../trading/parts.ts'
import { type Columns, cell, linesIn } from '../../chat/columns.ts'
import type { Command, Hearing, Outcome } from '../command.ts'
import { show, whenText, zoneText } from '../picture.ts'
import { symbolMeant } from '../symbol.ts'

/** Levels on each side. */
const levels = 5

export const showBook: Command = {
  name: 'book',
  aliases: ['order book', 'depth', 'market depth'],
  phrases: [{ full: 'order book of, order book for, book of, book for, depth of, market depth of, show order book' }],
  description: 'The five best prices of each side',
  category: 'Market',
  position: 154,
  effect: 'reads',
  usage: 'book [SYMBOL]',
  example: 'book BYND',
  detail:
    'What is wanted and offered at the five best prices of each side. Only a market that shows its book has one: TradeStation does; the simulated one, files, replays, Alpaca, Yahoo and Alpha Vantage have none.',
  needs: 'viewer',
  account: 'none',
  options: [{ name: 'symbol', type: 'symbol', description: 'Of what' }],
  async run(hearing, slots) {
    const symbol = await symbolMeant(hearing, slots)
    return typeof symbol === 'string' ? bookOf(hearing, symbol) : symbol
  },
}

async function bookOf({ parts, speaker }: Hearing, symbol: string): Promise<Outcome> {
  const depth = await depthOf(parts, symbol)
  if (depth instanceof Refusal) return depth
  const columns = columnsOf(depth)
  const text = [
    `📚 BOOK — ${symbol} · bids | asks, best first`,
    ...linesIn(columns),
    `Bids: ${sideText(depth.bids)} | Asks: ${sideText(depth.asks)}`,
    `Source: ${depth.source}`,
    ...(isClosed(parts, depth) ? ['⚠️ The exchange is closed: this stands there, and nothing of it trades now.'] : []),
  ].join('\n')
  const zone = speaker.timeZone ?? exchangeZone
  const [bid, ask] = [depth.bids[0], depth.asks[0]].map((level) => (level ? priceText(level.price) : 'none'))
  const alt = `The book of ${symbol}: bids ${sideText(depth.bids)}, asks ${sideText(depth.asks)}; best bid ${bid}, best ask ${ask}.`
  const outcome = await show(parts, text, { name: `${symbol}-book.png`, alt }, () =>
    drawLadder({
      title: `${symbol} · book`,
      headline: { text: `${bid} | ${ask}` },
      note: `${whenText(depth.at, zone, true)} · ${zoneText(zone)} · ${depth.source}`,
      rungs: [...depth.asks.toReversed().map(rungOf('sell')), ...depth.bids.map(rungOf('buy'))],
    }),
  )
  return 'replies' in outcome ? { replies: outcome.replies.map((reply) => ({ ...reply, columns })) } : outcome
}

async function depthOf({ market, log }: Pick<Parts, 'market' | 'log'>, symbol: string): Promise<Depth | Refusal> {
  const instead = `\`quote ${symbol}\` shows the best bid and ask`
  if (!market.depth) {
    const sentence = `The market (${market.name}) shows no book: only TradeStation’s prices have one.`
    return new Refusal('NO_DEPTH', sentence, instead)
  }
  const found = await market.depth(symbol, levels).catch((cause) => {
    log.warn({ err: cause, symbol }, 'the book could not be read')
    return 'silent' as const
  })
  if (found === 'silent')
    return new Refusal('NO_DEPTH', `The market (${market.name}) did not show its book of ${symbol} now.`, instead)
  if (!found || found.bids.length + found.asks.length === 0)
    return new Refusal('NO_DEPTH', `The market (${market.name}) has nothing in the book of ${symbol}.`, instead)
  return found
}

/** A bid and an ask beside each other in each row. */
function columnsOf({ bids, asks }: Depth): Columns {
  const rows = Array.from({ length: Math.max(bids.length, asks.length) }, (_, index) => {
    const [bid, ask] = [bids[index], asks[index]]
    return [
      cell(bid && quantityText(bid.size)),
      cell(bid && priceText(bid.price), '@ '),
      cell(ask && priceText(ask.price), '| '),
      cell(ask && quantityText(ask.size), '× '),
    ]
  })
  const columns = ['Wanted', 'Bid', 'Ask', 'Offered'].map((head) => ({ head, isAmount: true as const }))
  return { columns, rows }
}

const sideText = (side: DepthLevel[]) =>
  side.length === 0
    ? 'none'
    : `${quantityText(sum(side.map(({ size }) => size)))} at ${side.length} ${side.length === 1 ? 'price' : 'prices'}`

const rungOf =
  (side: Rung['side']) =>
  ({ price, size }: DepthLevel): Rung => ({
    ...{ side, size: size.toNumber(), price: priceText(price), text: quantityText(size) },
  })

function isClosed({ market }: Pick<Parts, 'market'>, { symbol, at }: Depth): boolean {
  const hours = hoursOf(market.instrument(symbol) ?? { symbol })
  return !hours.isAlwaysOpen && hours.bells.sessionAt(at) === undefined
}
