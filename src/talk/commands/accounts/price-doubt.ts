import { z } from 'zod'
import { type Big, zero } from '../../../base/amounts.ts'
import { priceText, profitText, quantityText } from '../../../base/format.ts'
import { openPosition, type Position } from '../../../trading/positions/rows/positions.ts'
import { flat } from '../../../trading/positions/rules/position.ts'
import { externalIn } from '../../../trading/reconcile/rows/books.ts'
import { unexplainedGaps } from '../../../trading/reconcile/rows/gaps.ts'
import { adjusted, ownUnits } from '../../../trading/reconcile/rules/adjusted.ts'
import { type Ask, choose, type Hearing, numbered } from '../command.ts'
import { keptAmount } from '../flow-state.ts'
import { isSurprising } from '../positions/record-position.ts'
import type { SlotValues } from '../slot-values.ts'

/** The units that a question about a price has shown; negative: they left, or are short. */
export const priceDoubtState = z.object({ flow: z.literal('price doubt'), v: z.literal(1), units: keptAmount })
export type PriceDoubt = z.infer<typeof priceDoubtState>

/** A price of one's own trade that is further from the market than this share of it needs a confirmation. */
const farAway = 0.2

/** A price that a member names for units at the broker, in dollars each. */
interface Named {
  symbol: string
  price: Big
  as: 'adopted' | 'done'
}

/**
 * The question whether a named price is right, when it looks like a typing error: it is booked, and nothing takes it back. A trade of one's
 * own was near the market; units that are adopted may have been bought long ago. A yes is for the units that the question has shown.
 */
export async function askPrice(
  { parts, speaker: { accountId } }: Hearing,
  { symbol, price, as }: Named,
  slots: SlotValues,
  shown: PriceDoubt | undefined,
): Promise<Ask | undefined> {
  const market = (await parts.market.quote(symbol))?.last
  if (!market?.gt(0)) return undefined
  const gap = (await unexplainedGaps(parts.db, accountId)).get(symbol)
  const units = gap?.gap ?? (as === 'adopted' ? await externalIn(parts.db, accountId, symbol) : zero)
  if (units.eq(0)) return undefined
  const open = await openPosition(parts.db, accountId, symbol)
  const gone = gap && leaving(open, gap.gap, price)
  const isTrade = as === 'done' || gone !== undefined
  const isFar = isTrade ? price.minus(market).abs().gt(market.times(farAway)) : isSurprising(price, market)
  if (!isFar) return undefined
  const isAnswered = slots.words.sure === 'yes' && shown !== undefined
  if (isAnswered && shown.units.eq(units)) return undefined
  const size = `${quantityText(units.abs())} ${symbol} @ ${priceText(price)}`
  const head = as === 'done' ? `You ${units.gt(0) ? 'bought' : 'sold'} ${size} at the broker` : `Adopt ${size}`
  const profit = gone ? ` It books P&L ${profitText(gone.realizedPnl)}.` : ''
  const text = [
    ...(isAnswered ? ['⚠️ The difference changed meanwhile.'] : []),
    `🤔 IS THAT RIGHT? ${head}`,
    `${symbol} is at ${priceText(market)}.${profit} \`undo\` does not take it back.`,
    numbered(['YES - Book it', 'NO - Leave it']),
    '',
    '💡 Reply with 1 or 2',
  ].join('\n')
  const choices = [
    { value: 'yes', label: 'YES', aliases: ['y'] },
    { value: 'no', label: 'NO', aliases: ['n'] },
  ]
  const { sure: _, ...words } = slots.words
  const given = { ...words, symbol, price: price.toFixed() }
  const state: PriceDoubt = { flow: 'price doubt', v: 1, units }
  return { ...choose('sure', 'Is that price right?', text, choices, given), state }
}

/** The units that leave the desk's position with a difference, and the P&L that they lock in at a price. */
function leaving(open: Position | undefined, gap: Big, price: Big) {
  const holding = open ?? flat
  return adjusted(holding, ownUnits(holding.signedQuantity, gap), price).gone
}
