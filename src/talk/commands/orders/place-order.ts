import { quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Db } from '../../../infra/db/client.ts'
import { dearest, passGate } from '../../../trading/accounts/gate.ts'
import { haltedRefusal } from '../../../trading/accounts/halted.ts'
import { accountFor } from '../../../trading/accounts/rows/accounts.ts'
import { confirmAbove } from '../../../trading/accounts/rows/confirmation.ts'
import { haltOf } from '../../../trading/accounts/rows/halts.ts'
import { refreshBalance } from '../../../trading/accounts/venue-balance.ts'
import { againstOpposite, enterPosition } from '../../../trading/orders/enter.ts'
import { exitPosition } from '../../../trading/orders/exit.ts'
import { noFreshPrice, noPrice, quoteToExit } from '../../../trading/orders/fresh-price.ts'
import { clippedText, heldBy, refusedExit } from '../../../trading/orders/held.ts'
import { unfitStop } from '../../../trading/orders/stop.ts'
import { takenFrom } from '../../../trading/orders/taken-from.ts'
import { unfitAtVenue } from '../../../trading/orders/venue-terms.ts'
import { openPosition, type Position } from '../../../trading/positions/rows/positions.ts'
import type { EntryLevel } from '../../../trading/protection/rows/entry-levels.ts'
import type { Reply } from '../../chat/reply.ts'
import { restated } from '../../language/restate.ts'
import type { Given } from '../../language/slots.ts'
import { entryLevelsText } from '../../wording/protection.ts'
import { type Command, type Hearing, type Option, type Outcome, say } from '../command.ts'
import { instrumentMeant } from '../instrument-meant.ts'
import type { Amount } from '../quantity.ts'
import type { SlotValues } from '../slot-values.ts'
import { notTraded, positionMeant, symbolMeant, symbolSold } from '../symbol.ts'
import { entryLevels, protecting } from './entry-levels.ts'
import { nothingLong, nothingShort, notShort } from './other-side.ts'
import { type RestingTerms, restingOptions, restingTerms } from './resting-terms.ts'
import { nextOfTrade } from './trade.ts'
import {
  type Ground,
  quantityIn,
  shownOf,
  sideOf,
  type Trade,
  type TradeState,
  tradeFrom,
  tradeState,
  type Verb,
} from './trade-plan.ts'
import { repliesTold } from './waits-for-open.ts'
import { whenClosed } from './when-closed.ts'

const options: Option[] = [
  { name: 'quantity', type: 'quantity', description: 'How many, half, 30%' },
  { name: 'symbol', type: 'symbol', description: 'Which symbol' },
  { name: 'dollars', type: 'price', description: 'In dollars instead' },
  { name: 'price', type: 'price', before: '@', description: 'Limit in dollars' },
  { name: 'stop', type: 'price', before: 'stop', description: 'Wait for this price' },
  { name: 'now', type: 'choice', choices: ['now'], description: 'At the market' },
  ...restingOptions,
]

/** `cover` and `buy to cover` mean only a short position. */
const onlyShort: Option = { name: 'only', type: 'choice', choices: ['short'], description: 'Only what is short' }

/** `sell to close` means only a long position, `sell short` none of it. */
const onlyLong: Option = {
  name: 'only',
  type: 'choice',
  choices: ['long', 'short-sale'],
  description: 'Only what is long, or a short sale',
}

const asked = 'Large orders are asked about first (`confirm`).'

function order(verb: Verb, about: Omit<Command, 'needs' | 'account' | 'options' | 'asks' | 'state' | 'run'>): Command {
  const asks = ({ quantity, fraction, leave, how, price }: Given) =>
    (quantity ?? fraction ?? leave) === undefined || (how === 'limit' && price === undefined)
  const isBuying = verb === 'buy' || verb === 'trim'
  const own = isBuying ? [...options, onlyShort] : verb === 'sell' ? [...options, onlyLong] : options
  return {
    ...about,
    needs: 'trader',
    account: verb === 'buy' || verb === 'sell' ? 'opens' : 'changes',
    options: own,
    asks,
    state: tradeState,
    run: (hearing, slots, state?: TradeState) => placeOrder(hearing, slots, verb, state),
  }
}

export const buy = order('buy', {
  name: 'buy',
  aliases: [],
  phrases: [
    {
      full: 'buy me, buy order, buy to open',
      thin: 'grab me, get me, purchase, scoop up, pick up, load up on, order, grab, scoop, snag, snag me, nab, cop',
    },
    { says: 'now', full: 'market buy' },
    { says: 'limit', full: 'limit buy' },
    { says: 'stop', full: 'stop buy, stop order to buy' },
    { says: 'stop-limit', full: 'stop limit buy, buy stop limit' },
    { says: 'short', full: 'buy to cover, buy to close, buy back' },
  ],
  description: 'Buy, at the market or with a limit',
  category: 'Orders',
  position: 41,
  effect: 'trades',
  usage: 'buy [SYMBOL] QTY | $5000 worth [@ LIMIT | stop PRICE [limit PRICE]] [stop PRICE target PRICE]',
  example: 'buy 500 AAPL @ 185.50',
  detail: `Sends an order: at the market, or with a limit that rests until the market gets there. With \`stop 121\` it waits until the price is up there. Buys a short position back, and asks before it goes beyond it. Dollars (\`buy 5k worth of BYND\`) become whole shares at the price, after a question; below one share a part, where the broker trades them. A stop below the price protects what is bought: it and a target (\`buy 500 AMD @ 118 stop 112 target 130\`) are set when the order begins to fill, for what is filled. ${asked}`,
})

export const sell = order('sell', {
  name: 'sell',
  aliases: [],
  phrases: [
    {
      full: 'sell order, sell me out',
      thin: 'dump, offload, unload, sell off, get rid of, let go of',
    },
    { says: 'now', full: 'market sell' },
    { says: 'limit', full: 'limit sell' },
    { says: 'stop', full: 'stop sell, stop order to sell' },
    { says: 'stop-limit', full: 'stop limit sell, sell stop limit' },
    { says: 'long', full: 'sell to close' },
    { says: 'short-sale', full: 'sell short, short sell' },
  ],
  description: 'Sell, at the market or with a limit',
  category: 'Orders',
  position: 42,
  effect: 'trades',
  exits: 'always',
  ofPosition: true,
  usage: 'sell [SYMBOL] QTY | half | 30% | $5000 worth [@ LIMIT | stop PRICE [limit PRICE]]',
  example: 'sell half BYND',
  detail: `Sends an order: at the market, or with a limit that rests until the market gets there. With \`stop 240\` it waits until the price is down there; \`stop 240\` alone protects the whole position. Sells what is open, and asks before it sells more than that, or short. ${asked}`,
})

export const addToPosition = order('add', {
  name: 'add',
  aliases: [],
  phrases: [{ thin: 'average down, average up, average in, double down, add more' }],
  description: 'Add to an open position',
  category: 'Orders',
  position: 43,
  effect: 'trades',
  ofPosition: true,
  restate: (given) => restated('add to the position', given, { joint: ' for ' }),
  usage: 'add QTY [SYMBOL] [@ LIMIT]',
  example: 'add 500 BYND',
  detail: `Buys more of a long position, sells more of a short one, and shows the new average price. ${asked}`,
})

export const trimPosition = order('trim', {
  name: 'trim',
  aliases: [{ alias: 'cover', says: 'short' }],
  phrases: [
    {
      full: 'lighten up, pare back, pare down, take some profit',
      thin: 'reduce, cut, lighten, pare, take some off, take off, cut back, shave',
    },
  ],
  description: 'Close part of a position, at the market or with a limit',
  category: 'Exits',
  position: 60,
  effect: 'trades',
  exits: 'always',
  ofPosition: true,
  usage: 'trim [SYMBOL] QTY | half | 30% | to 500 [@ LIMIT]',
  example: 'trim 30% BYND',
  detail: `Sells part of a long position, or buys back part of a short one, at the market or with a limit. \`trim to 30%\` and \`trim to 500\` leave that much. ${asked}`,
})

/** The reply to a no. */
export const nothingOrdered = () => say('OK, nothing was ordered.')

async function placeOrder(hearing: Hearing, said: SlotValues, verb: Verb, shown?: TradeState): Promise<Outcome> {
  const { parts, speaker } = hearing
  const { words: given } = said
  if (given.sure === 'no') return nothingOrdered()
  const symbol = await symbolOfOrder(hearing, said, verb)
  if (typeof symbol !== 'string') return symbol
  const instrument = await instrumentMeant(parts, speaker.accountId, symbol, amountIn(said))
  if (!instrument) return notTraded(symbol, parts.market.name)
  const [quote, position, above] = await Promise.all([
    quoteToExit(parts, symbol),
    openPosition(parts.db, speaker.accountId, symbol),
    confirmAbove(parts.db, speaker.accountId),
  ])
  const { accountId } = speaker
  const noFresh = await noFreshPrice(parts, { accountId, symbol, side: sideOf(verb, position), quote, position })
  if (noFresh) return noFresh
  if (given.only === 'short' && !position?.signedQuantity.lt(0)) return nothingShort(symbol, position)
  if (given.only === 'short-sale' && position?.signedQuantity.gt(0)) return notShort(symbol, position)
  if (given.only === 'long' && !position?.signedQuantity.gt(0)) return nothingLong(symbol, position)
  const ground = { verb, instrument, quote, unpriced: noPrice(quote), position, confirmAbove: above }
  const slots = protecting(said, ground)
  const traded = tradeFrom(ground, slots, shown)
  const trade = traded instanceof Refusal ? await namingHolders(parts.db, position, traded) : traded
  const refused = 'side' in trade ? await refusedInTheEnd(hearing, ground, trade, given) : undefined
  if (refused instanceof Refusal) return refused
  if ('side' in trade) {
    // A member without an account gets one before the order, which is then checked again.
    const known = speaker.accountId === 0 ? undefined : (await parts.venues.of(speaker.accountId)).venue
    const noStop = unfitStop({ ...trade, symbol }, quote, known?.capabilities ?? { canStop: true })
    if (noStop) return noStop
  }
  const levels = 'side' in trade ? entryLevels(trade, slots, quote, position) : []
  if (levels instanceof Refusal) return levels
  if (trade instanceof Refusal) return trade
  const decided = nextOfTrade({ ...ground, notTurned: refused?.notTurned }, slots, shown)
  if ('declined' in decided) return nothingOrdered()
  if (!('side' in decided)) return decided
  const isAtMarket = !decided.limitPrice && !decided.stopPrice
  const brought = levels.length > 0 ? `, ${entryLevelsText(levels)}` : ''
  const what = `${decided.side.toUpperCase()} ${quantityText(quantityIn(decided))} ${symbol}${brought}`
  const state = shown ?? shownOf(ground, decided)
  // The levels wait with the order, as they were understood.
  const waits = isAtMarket && { side: verb, symbol, what, given: slots.words, state, mayLimit: levels.length === 0 }
  const asked = waits ? await whenClosed(hearing, waits) : undefined
  if (asked) return asked
  const terms = await restingTerms(hearing, symbol, given, decided.limitPrice)
  if (terms instanceof Refusal) return terms
  return carryOut(hearing, symbol, decided, { levels, ...terms, before: position })
}

/** The amount that was said, with the order or as the answer to how many. */
const amountIn = (said: SlotValues): Amount => (said.part instanceof Refusal ? {} : (said.part ?? said))

/** Refusals of more than is free or open. While working orders hold a part, they say how much is free, and what holds the rest. */
const tooMany = new Set(['QUANTITY_IN_FLIGHT', 'QUANTITY_HELD_BY_ORDERS', 'QUANTITY_EXCEEDS_POSITION'])

async function namingHolders(db: Db, position: Position | undefined, refusal: Refusal): Promise<Refusal> {
  return position?.restingQuantity.gt(0) && tooMany.has(refusal.code) ? heldBy(db, position) : refusal
}

/**
 * Checks whether the order would be refused anyway, so that it is refused before a question. If only the half that opens the
 * other side would be refused (`notTurned`, in words), the desk still asks about the other half.
 */
async function refusedInTheEnd(
  { parts, speaker, inboundId }: Hearing,
  { instrument: { symbol }, quote, unpriced, position }: Ground,
  { side, exit, enter, limitPrice, stopPrice }: Trade,
  given: Given,
): Promise<Refusal | { notTurned: string } | undefined> {
  const { accountId, memberId } = speaker
  if (exit && !exit.isAll) {
    const refused = await refusedExit(parts.db, position!, exit.quantity)
    if (refused) return refused
  }
  if (!enter || given.sure === 'only') return undefined
  const halt = exit && (await haltOf(parts.db, accountId))
  if (halt) return haltedRefusal(halt)
  // An order with a limit or a stop does not reverse a position.
  if (exit && (limitPrice ?? stopPrice)) return undefined
  if (exit && unpriced) return { notTurned: `${symbol} has no fresh price: ${unpriced}` }
  const price = dearest(side, limitPrice ?? stopPrice, quote)
  const key = entryId(inboundId)
  const after = exit && { symbol, price }
  const isExtended = given.hours === 'extended'
  const wanted = {
    accountId,
    memberId,
    key,
    symbol,
    side,
    quantity: enter,
    price,
    limitPrice,
    stopPrice,
    after,
    isExtended,
  }
  await refreshBalance(parts, accountId)
  const refused =
    (await againstOpposite(parts.db, wanted)) ??
    (await passGate(parts.db, parts, wanted)) ??
    (await unfitAtVenue(parts, wanted))
  if (!refused || !exit || given.sure === 'turn') return refused
  return { notTurned: refused.beside.split('\n')[0]!.replace(/^⚠️ /, '').replace(/\.$/, '') }
}

/** The client id of the order that opens or adds. */
const entryId = (inboundId: string) => `enter-${inboundId}`

/** The symbol of an order. Where only an open position makes sense, it is the symbol of one. */
async function symbolOfOrder(hearing: Hearing, slots: SlotValues, verb: Verb) {
  const { quantity, dollars, share, part } = slots
  const isEntry = (quantity ?? dollars ?? part) !== undefined || (verb === 'buy' && !share)
  if (verb === 'buy' && isEntry) return symbolMeant(hearing, slots)
  if (verb === 'sell' && isEntry) return symbolSold(hearing, slots)
  const position = await positionMeant(hearing, slots)
  return 'version' in position ? position.symbol : position
}

/**
 * Sends the decided orders: first the one that reduces the position, and the one that opens the other side only when the
 * position is closed. The orders' ids come from the message, so a message orders once.
 */
async function carryOut(
  { parts, speaker, inboundId }: Hearing,
  symbol: string,
  trade: Trade,
  { levels, before, ...terms }: { levels: EntryLevel[]; before?: Position } & RestingTerms,
): Promise<Outcome> {
  await accountFor(parts.db, speaker)
  const { accountId, memberId, conversationId } = speaker
  const { limitPrice, stopPrice } = trade
  const who = { accountId, memberId, conversationId, symbol, limitPrice, stopPrice, ...terms }
  const replies: Reply[] = []
  if (trade.exit) {
    const { exit } = trade
    const clientOrderId = `trim-${inboundId}`
    const exited = await exitPosition(parts, {
      ...who,
      clientOrderId,
      purpose: 'trim',
      quantity: (position) => takenFrom(position, exit),
    })
    if (exited instanceof Refusal) return exited
    replies.push(...(await repliesTold(parts, who, exited)))
    const clipped = exit.isAll && before ? await clippedText(parts.db, before, exit.quantity, clientOrderId) : undefined
    if (clipped) replies.push({ text: heldBack(symbol, clipped) })
  }
  if (!trade.enter) return { replies }
  if (trade.exit && (await openPosition(parts.db, accountId, symbol))) {
    const rest = `${quantityText(trade.enter)} ${symbol}`
    const text = `⚠️ The ${rest} beyond the position were not ordered, since it is not closed yet.\n💡 When you are FLAT, \`${trade.side} ${trade.enter.toFixed()} ${symbol}\` opens the rest; nothing orders it by itself`
    return { replies: [...replies, { text }] }
  }
  const entered = await enterPosition(parts, {
    ...who,
    clientOrderId: entryId(inboundId),
    side: trade.side,
    quantity: trade.enter,
    onto: trade.onto,
    ...(levels.length > 0 && { levels }),
  })
  if (!(entered instanceof Refusal)) return { replies: [...replies, ...(await repliesTold(parts, who, entered))] }
  if (replies.length === 0) return entered
  const text = `🛑 NOT DONE: ${trade.side.toUpperCase()} the ${quantityText(trade.enter)} ${symbol} beyond the position\n${entered.beside}`
  return { replies: [...replies, { text }] }
}

/** The whole position was meant, but resting orders hold a part of it. */
function heldBack(symbol: string, clipped: string): string {
  return `⚠️ Not all of it: ${clipped}.\n💡 \`orders\` shows them; \`close ${symbol} now\` takes them back and closes the rest`
}
