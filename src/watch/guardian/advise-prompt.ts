import type { Big } from '../../base/amounts.ts'
import { averageEntryPrice, directionOf, unrealizedPnl } from '../../trading/positions/rules/position.ts'
import { distanceTo, shareOf } from '../../trading/protection/rules/protection.ts'
import { paces } from '../../trading/scaleouts/rules/scaleout-plan.ts'
import { rangeData } from '../forecast-range.ts'
import type { Analysis } from './analysis.ts'
import type { Prompt } from './exchange.ts'
import { aboutData, asData } from './prompt.ts'

const system = `You are the adviser of a trading desk. A member asks whether to get out of one open position. You answer with one JSON object, and nothing else:
{"action": "EXIT" | "TRIM" | "TRAIL_STOP", "amount": number or null, "confidence": number from 0 to 1, "reasoning": "two sentences at most"}

The member is offered three things, and you recommend one of them:
- EXIT: close the whole position at the market, now. amount null.
- TRIM: scale half of it out over the next ${paces.medium.text}. amount 0.5.
- TRAIL_STOP: hold, with a stop that trails the price by the share that the data calls "trail". amount that share.
You only recommend; the member decides, and nothing is done before. An answer that asks for anything else is thrown away.

${aboutData}

Prices are in dollars, returns and distances are shares of one. Weigh how far stop and target are against the volatility, the trend and the volume of the bars, what the position gained at its best, and how long it has been open. "forecast" is a range that shall hold that share of the outcomes; it says nothing of a direction. "reasons" is what the desk's rules see, with points for getting out above zero.`

/** Makes the prompt for a member's question about a position. */
export function advicePrompt({
  position,
  instrument,
  quote,
  protection,
  advised,
  reasons,
  trail,
  bars,
  expected,
}: Analysis): Prompt {
  const level = (at: Big | undefined) =>
    at && { price: at.toFixed(), distance: distanceTo(at, advised.price).toFixed(6) }
  const data = {
    position: {
      symbol: position.symbol,
      name: instrument.name,
      direction: directionOf(position.signedQuantity),
      quantity: position.signedQuantity.abs().toFixed(),
      averageEntryPrice: averageEntryPrice(position).toFixed(6),
      hoursOpen: advised.hoursOpen,
    },
    market: { bid: quote.bid.toFixed(), ask: quote.ask.toFixed(), last: quote.last.toFixed() },
    profit: {
      unrealized: unrealizedPnl(position, quote.last).toFixed(2),
      realized: position.realizedPnl.toFixed(2),
      return: advised.unrealizedReturn.toFixed(6),
      bestReturn: advised.bestReturn?.toFixed(6),
    },
    levels: {
      stop: protection.stop && {
        ...level(protection.stop.price),
        trail: protection.stop.trail && shareOf(protection.stop.trail).round(6).toFixed(),
      },
      target: level(protection.target?.price),
    },
    indicators: {
      trend: advised.trend,
      averageTrueRange: advised.range?.toFixed(6),
      rsi: advised.rsi?.toFixed(1),
      relativeVolume: advised.relativeVolume?.toFixed(2),
    },
    forecast: rangeData(expected),
    trail: trail.toFixed(),
    reasons,
    bars: bars && {
      minutes: bars.minutes,
      volatility: bars.stats.volatility.toFixed(),
      move: bars.stats.move.toFixed(6),
      columns: ['open', 'high', 'low', 'close', 'volume'],
      rows: bars.bars.map((bar) =>
        [bar.open, bar.high, bar.low, bar.close, bar.volume].map((amount) => amount.toFixed()),
      ),
    },
  }
  return { system, data: asData(data) }
}
