import { z } from 'zod'
import type { Big } from '../../../base/amounts.ts'
import { priceText, profitText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Quote } from '../../../market/market.ts'
import { type Exit, exitPosition } from '../../../trading/orders/exit.ts'
import { quoteToExit } from '../../../trading/orders/fresh-price.ts'
import { refusedExit } from '../../../trading/orders/held.ts'
import { liveOpenings } from '../../../trading/orders/rows/opening-orders.ts'
import { type RestingOrder, restingOrders } from '../../../trading/orders/rows/working-orders.ts'
import { strangeLimit } from '../../../trading/orders/strange-limit.ts'
import { takenFrom } from '../../../trading/orders/taken-from.ts'
import type { Traded } from '../../../trading/orders/traded.ts'
import { availableQuantity, type Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { closingSide, unrealizedPnl } from '../../../trading/positions/rules/position.ts'
import type { Given } from '../../language/slots.ts'
import { orderLine } from '../../wording/working-orders.ts'
import { type Ask, type Command, choose, enter, type Hearing, numbered, type Outcome } from '../command.ts'
import { keptAmount } from '../flow-state.ts'
import { instrumentMeant } from '../instrument-meant.ts'
import { type Amount, isAllOf, partOf } from '../quantity.ts'
import type { SlotValues } from '../slot-values.ts'
import { notTraded, positionMeant } from '../symbol.ts'
import { nowAndLimit, onTick } from './limit-price.ts'
import { nothingOrdered } from './place-order.ts'
import { restingOptions, restingTerms } from './resting-terms.ts'
import { repliesTold } from './waits-for-open.ts'
import { whenClosed } from './when-closed.ts'

/** A decided close. */
export interface Closing {
  quantity: Big
  /** Close the whole position: a running scaleout ends, and the quantity is whatever is left when the order is placed. */
  isAll: boolean
  limitPrice?: Big
  /** The limit order is good until then. */
  expiresAt?: Date
  isExtended?: boolean
}

/** The state that a question about a close has shown. The answer is compared with it. */
export const closeState = z.object({
  flow: z.literal('close'),
  v: z.literal(1),
  positionId: z.number(),
  side: z.enum(['buy', 'sell']),
  quantity: keptAmount,
})
export type CloseState = z.infer<typeof closeState>

/** The quantity to close; without a stated amount, the whole position. */
function amountMeant(
  position: Position,
  instrument: Traded,
  slots: Amount,
): Pick<Closing, 'quantity' | 'isAll'> | Refusal {
  const isAll = isAllOf(slots)
  // Closing the whole position cancels its resting orders first, so their quantity counts, too.
  const all = availableQuantity(position).plus(position.restingQuantity)
  // The whole position is already in orders that do not rest, so there is nothing to ask. The close itself hurries those orders
  // if it can.
  if (isAll && all.lte(0)) return { quantity: position.signedQuantity.abs(), isAll }
  const part = isAll ? () => all : partOf(slots, instrument)
  const amount = part instanceof Refusal ? part : part(position)
  if (amount instanceof Refusal) return amount
  const open = position.signedQuantity.abs()
  if (!isAll && amount.gt(open)) {
    const sentence = `${quantityText(amount)} is more than the ${quantityText(open)} ${position.symbol} that are open. Nothing was done.`
    const instead = `Use a quantity up to ${quantityText(open)}, or leave it out for all of it`
    return new Refusal('QUANTITY_EXCEEDS_POSITION', sentence, instead)
  }
  return { quantity: amount, isAll }
}

/**
 * The next step of `close`: a question, a refusal, or the close. It never closes more than the question showed. `opensAgain`:
 * working orders would open the position again, and closing cancels them.
 */
export function nextOfClose(
  position: Position,
  instrument: Traded,
  quote: Quote | undefined,
  slots: SlotValues,
  { shown, opensAgain = false }: { shown?: CloseState; opensAgain?: boolean } = {},
): Ask | Refusal | { declined: true } | Closing {
  const { words: given, price } = slots
  if (given.sure === 'no') return { declined: true }
  const closing = amountMeant(position, instrument, slots)
  if (closing instanceof Refusal) return closing
  const { quantity, isAll } = closing
  // The whole position is already being closed, so there is nothing to ask.
  if (isAll && availableQuantity(position).plus(position.restingQuantity).lte(0)) return closing
  if (given.now !== undefined && given.price !== undefined) return nowAndLimit(given.price)
  const isOther = shown !== undefined && changedSince(position, isAll ? quantity : undefined, shown)
  const known = isOther ? asSaid(given) : given
  const how = known.now !== undefined ? 'market' : known.price !== undefined ? 'limit' : known.how
  if (how === 'market') return closing
  if (how !== 'limit') return askHow(position, closing, quote, known, { isOther, opensAgain })
  if (known.price === undefined) return askLimit(position, closing, known)
  const limitPrice = onTick(price!, instrument)
  if (limitPrice instanceof Refusal) return limitPrice
  const strange = quote && strangeLimit(closingSide(position.signedQuantity), limitPrice, quote)
  if (strange && known.sure === undefined) return askSure(position, closing, limitPrice, strange, known)
  return { ...closing, limitPrice }
}

/** Is it another position, or a larger quantity, than the question showed? A smaller quantity is fine. */
function changedSince(position: Position, all: Big | undefined, shown: CloseState): boolean {
  const isSame = shown.positionId === position.id && shown.side === closingSide(position.signedQuantity)
  return !isSame || all?.gt(shown.quantity) === true
}

/** The first words of the command, without the answers. */
function asSaid({ how: _, sure: __, price: ___, ...said }: Given): Given {
  return said
}

/** The agreed values so far, with the symbol and the quantity. */
function agreedOn(position: Position, { quantity, isAll }: Closing, given: Given): Given {
  const { fraction: _, ...rest } = given
  return { ...rest, symbol: position.symbol, ...(isAll ? {} : { quantity: quantity.toFixed() }) }
}

/** The state of a question about this close. */
function shownOf({ id, signedQuantity }: Position, { quantity }: Closing): CloseState {
  return { flow: 'close', v: 1, positionId: id, side: closingSide(signedQuantity), quantity }
}

function askHow(
  position: Position,
  closing: Closing,
  quote: Quote | undefined,
  given: Given,
  { isOther, opensAgain }: { isOther: boolean; opensAgain: boolean },
): Ask {
  const price = quote && (position.signedQuantity.gt(0) ? quote.bid : quote.ask)
  const open = position.signedQuantity.abs()
  // The question shows the P&L that the answer would realize.
  const locksIn = price && unrealizedPnl(position, price).times(closing.quantity).div(open)
  const now = price && ` · now ${priceText(price)}, P&L ${profitText(locksIn!)}`
  const isWhole = closing.quantity.eq(open)
  const text = [
    ...(isOther ? ['⚠️ The position changed meanwhile.'] : []),
    `🚪 CLOSE ${positionText(position)}${now ?? ''}`,
    ...(isWhole ? [] : [`Quantity: ${quantityText(closing.quantity)} of ${quantityText(open)}`]),
    ...(closing.isAll && (opensAgain || position.restingQuantity.gt(0))
      ? ['Its working orders are taken back first.']
      : []),
    numbered(['Market - Close immediately', 'Limit - Enter your limit price']),
    '',
    '💡 Reply with 1 or 2',
  ].join('\n')
  const choices = [
    { value: 'market', label: 'Market', aliases: ['mkt', 'now'] },
    { value: 'limit', label: 'Limit', aliases: ['lmt'], form: [{ name: 'price', title: 'Limit price' }] },
  ]
  const asked = choose('how', 'How should it be closed?', text, choices, agreedOn(position, closing, given))
  return { ...asked, ask: { ...asked.ask, orPrice: 'price' }, state: shownOf(position, closing) }
}

function askLimit(position: Position, closing: Closing, given: Given): Ask {
  const side = closingSide(position.signedQuantity)
  const text = `Enter your limit price to ${side} ${quantityText(closing.quantity)} ${position.symbol}:`
  const asked = enter('price', 'number', 'Limit price', text, agreedOn(position, closing, given))
  return { ...asked, state: shownOf(position, closing) }
}

function askSure(position: Position, closing: Closing, limit: Big, strange: string, given: Given): Ask {
  const order = `${closingSide(position.signedQuantity).toUpperCase()} ${quantityText(closing.quantity)} ${position.symbol}`
  const lines = numbered(['YES - Send it', 'NO - Leave it'])
  const text = `🤔 IS THAT RIGHT? ${order} @ ${priceText(limit)}\n${strange}.\n${lines}\n\n💡 Reply with 1 or 2`
  const choices = [
    { value: 'yes', label: 'YES', aliases: ['y'] },
    { value: 'no', label: 'NO', aliases: ['n'] },
  ]
  const agreed = agreedOn(position, closing, { ...given, price: limit.toFixed() })
  return { ...choose('sure', 'Is that price right?', text, choices, agreed), state: shownOf(position, closing) }
}

export const closePosition: Command = {
  name: 'close',
  aliases: ['exit', { alias: 'flat', says: 'now' }, { alias: 'flatten', says: 'now' }, 'liquidate'],
  phrases: [
    { says: 'now', full: 'flatten out, go flat on, flatten position', thin: 'go flat, get flat' },
    {
      full: `exit, get me out, take me out, close out, liquidate, exit position, close me out, exit trade,
        close trade, close it out, do closing, gtfo, get the hell out, get tf out`,
      thin: 'get out, bail out, bail, square off, shut down, wrap up, ditch, bin',
    },
  ],
  description: 'Close a position, at the market or with a limit',
  category: 'Exits',
  position: 50,
  effect: 'trades',
  exits: 'always',
  ofPosition: true,
  usage: 'close [SYMBOL] [QTY | half | 30%] [now | @ LIMIT]',
  example: 'close BYND',
  detail:
    'Sells a long position, or buys back a short one: asks whether at the market, now, or with a limit that rests until the market gets there. `close now` and `flat` do not ask, nor does `close @ 1.05`. Closing all of it ends a running scaleout first.',
  needs: 'trader',
  account: 'changes',
  options: [
    { name: 'symbol', type: 'symbol', description: 'Which position' },
    { name: 'quantity', type: 'quantity', description: 'How many, half; else all' },
    { name: 'now', type: 'choice', choices: ['now'], description: 'At the market' },
    { name: 'price', type: 'price', before: '@', description: 'Limit in dollars' },
    ...restingOptions,
  ],
  asks: ({ now, price }) => now === undefined && price === undefined,
  state: closeState,
  async run(hearing, slots, shown?: CloseState) {
    const { parts, speaker } = hearing
    const { words: given } = slots
    if (given.sure === 'no') return nothingOrdered()
    const position = await positionMeant(hearing, slots)
    if (position instanceof Refusal || 'ask' in position) return position
    const instrument = await instrumentMeant(parts, position.accountId, position.symbol, slots, { isOfAll: true })
    if (!instrument) return notTraded(position.symbol, parts.market.name)
    const quote = await quoteToExit(parts, position.symbol)
    // With a price or `now`, the member wants a new order in place of the working ones.
    if (availableQuantity(position).lte(0) && given.now === undefined && given.price === undefined) {
      const resting = (await restingOrders(parts.db, speaker.accountId)).filter((one) => one.positionId === position.id)
      if (resting.length > 0) return worksAlready(position, resting, quote, parts.clock.now())
    }
    const meant = amountMeant(position, instrument, slots)
    const isPart = 'isAll' in meant && !meant.isAll
    // If the order would be refused anyway, it is refused before a question.
    const refused = isPart ? await refusedExit(parts.db, position, meant.quantity) : undefined
    if (refused) return refused
    const opensAgain = (await liveOpenings(parts.db, speaker.accountId, position.symbol)).length > 0
    const closing = nextOfClose(position, instrument, quote, slots, { shown, opensAgain })
    if ('declined' in closing) return nothingOrdered()
    if (!('quantity' in closing)) return closing
    const { symbol } = position
    const what = closing.isAll ? `CLOSE ${positionText(position)}` : `CLOSE ${quantityText(closing.quantity)} ${symbol}`
    const asked = closing.limitPrice
      ? undefined
      : await whenClosed(hearing, { side: 'close', symbol, what, given, state: shown, mayLimit: true })
    if (asked) return asked
    const terms = await restingTerms(hearing, symbol, given, closing.limitPrice)
    return terms instanceof Refusal ? terms : closeNow(hearing, position, { ...closing, ...terms })
  },
}

/** The refusal when working orders already hold the whole position. */
function worksAlready(position: Position, resting: RestingOrder[], quote: Quote | undefined, now: Date): Refusal {
  const lines = resting.map((order) => orderLine(order, quote, now)).join('\n')
  const limited = resting.find(({ limitPrice }) => limitPrice)
  const { number } = limited ?? resting[0]!
  const move = limited ? `\`move ${number} PRICE\` changes it, ` : ''
  return new Refusal(
    'CLOSE_WORKING',
    `${positionText(position)} is being closed already:\n${lines}`,
    `${move}\`cancel ${number}\` takes it back, \`close ${position.symbol} now\` closes at the market instead`,
  )
}

/** Sends the order that closes a position or a part of it. */
async function closeNow(
  hearing: Pick<Hearing, 'parts' | 'speaker' | 'inboundId'>,
  position: Position,
  closing: Closing,
): Promise<Outcome> {
  const exited = await exitPosition(hearing.parts, exitOf(hearing, position, closing))
  if (exited instanceof Refusal) return exited
  const { parts, speaker } = hearing
  const { symbol } = position
  return { replies: await repliesTold(parts, { ...speaker, symbol, isExtended: closing.isExtended }, exited) }
}

/** The order that closes a position or a part of it; `key` makes its id. */
export function exitOf(
  { speaker: { accountId, memberId, conversationId }, inboundId }: Pick<Hearing, 'speaker' | 'inboundId'>,
  { id: positionId, symbol }: Position,
  { quantity, isAll, limitPrice, expiresAt, isExtended }: Closing,
  key = inboundId,
): Exit {
  const purpose = isAll ? 'close' : 'trim'
  return {
    clientOrderId: `${purpose}-${key}`,
    accountId,
    memberId,
    conversationId,
    symbol,
    purpose,
    limitPrice,
    ...(limitPrice && { expiresAt, isExtended }),
    quantity: (locked) => takenFrom(locked, { positionId, quantity, isAll }),
    isAll,
  }
}
