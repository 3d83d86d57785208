import { Big } from '../../../base/amounts.ts'
import { dollarsText, percentText, priceText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Instrument, Market, Quote } from '../../../market/market.ts'
import { dearest, passGate } from '../../../trading/accounts/gate.ts'
import type { Entering } from '../../../trading/accounts/gate-refusals.ts'
import { confirmAbove } from '../../../trading/accounts/rows/confirmation.ts'
import type { Traded } from '../../../trading/orders/traded.ts'
import { openPosition, openPositions, type Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { closingSide } from '../../../trading/positions/rules/position.ts'
import type { EntryLevel } from '../../../trading/protection/rows/entry-levels.ts'
import { noPosition, noVolumeHistory } from '../../../trading/scaleouts/begin.ts'
import type { Speed } from '../../../trading/scaleouts/rules/scaleout-plan.ts'
import type { Given } from '../../language/slots.ts'
import { entryLevelsText } from '../../wording/protection.ts'
import { type Ask, choose, type Hearing, numbered } from '../command.ts'
import { instrumentMeant } from '../instrument-meant.ts'
import { entryLevels } from '../orders/entry-levels.ts'
import { onTick } from '../orders/limit-price.ts'
import { nextOfTrade } from '../orders/trade.ts'
import { quantityIn, shownOf, type Trade, type TradeState, tradeFrom, type Verb } from '../orders/trade-plan.ts'
import { isAllOf, partOf, saysAll } from '../quantity.ts'
import { withCustomTerms } from '../scaleouts/answered-terms.ts'
import { askCustom, custom } from '../scaleouts/custom-terms.ts'
import { type Terms, termsOf, termsText, wordsOfTerms, wrongSide } from '../scaleouts/own-terms.ts'
import { severalMeant } from '../scaleouts/scale-out-several.ts'
import { askSpeed, plainSpeeds } from '../scaleouts/scaleout-prompt.ts'
import type { SlotValues } from '../slot-values.ts'
import { notTraded, positionMeant, symbolMeant, symbolSold } from '../symbol.ts'
import { packed } from './shown-words.ts'

/** The commands that can be scheduled. */
export const sides = ['close', 'sell', 'trim', 'buy', 'add', 'scaleout', 'close all'] as const
export type LaterSide = (typeof sides)[number]

/** The facts about a scheduled order before its questions. */
export interface LaterGround {
  side: LaterSide
  slots: SlotValues
  /** Absent for `close all`, and for a scaleout of several. */
  instrument?: Traded
  position?: Position
  /** The symbols of a scaleout of several; for `close all`, the open ones now. */
  symbols?: string[]
  /** The positions of a scaleout of several. */
  positionIds?: number[]
  /** The quote; with a condition, the expected quote when it is met. */
  quote?: Quote
  /** The reason, in a sentence, why a smart scaleout cannot be planned here. */
  noSmart?: string
  /** Orders worth more dollars than this need a confirmation; undefined: no order does. */
  confirmAbove?: Big
  /** The planned time in words, such as `at 3:55 PM EST (in 2 h)`. */
  when: string
}

/** A complete order for later: the values for the command when its time comes, and the order in words. */
export interface Later {
  given: Given
  what: string
  /** The positions with which it ends, if it only closes. */
  positionIds?: number[]
  /** The opening part, in the form that the gate checks. */
  entering?: Entering
}

/** The subject of an order for later: a symbol, or several. */
export async function subjectOf(
  hearing: Hearing,
  side: LaterSide,
  slots: SlotValues,
): Promise<Pick<LaterGround, 'instrument' | 'position' | 'symbols' | 'positionIds'> | Ask | Refusal> {
  const { parts, speaker } = hearing
  if (side === 'close all') {
    return { symbols: (await openPositions(parts.db, speaker.accountId)).map(({ symbol }) => symbol) }
  }
  const several = side === 'scaleout' ? await severalMeant(hearing, slots) : []
  if (several instanceof Refusal) return several
  if (several.length > 1) {
    const open = await openPositions(parts.db, speaker.accountId)
    return { symbols: several, positionIds: open.flatMap(({ id, symbol }) => (several.includes(symbol) ? [id] : [])) }
  }
  if (slots.symbols !== undefined && several.length === 0) {
    const sentence = `\`${side}\` is scheduled for one symbol at a time. Nothing was scheduled.`
    return new Refusal('ONE_SYMBOL', sentence, 'Say it once for each, or `close all at 3:55pm`')
  }
  const isFreeSale = side === 'sell' && slots.share === undefined
  const symbolOf = side === 'buy' ? symbolMeant : isFreeSale ? symbolSold : positionMeant
  const meant = await symbolOf(hearing, slots)
  if (meant instanceof Refusal || (typeof meant !== 'string' && 'ask' in meant)) return meant
  const symbol = typeof meant === 'string' ? meant : meant.symbol
  const instrument = await instrumentMeant(parts, speaker.accountId, symbol, slots)
  if (!instrument) return notTraded(symbol, parts.market.name)
  return { instrument, position: await openPosition(parts.db, speaker.accountId, symbol) }
}

/**
 * The next step of an order for later: a question, a refusal, or the order; `shown` is the state of its question. When the
 * time comes, nothing is asked any more.
 */
export async function nextOfLater(
  hearing: Hearing,
  ground: LaterGround,
  shown?: TradeState,
): Promise<Ask | Refusal | { declined: true } | Later> {
  const { side, slots } = ground
  const { parts, speaker } = hearing
  if (slots.words.sure === 'no') return { declined: true }
  if (side === 'close all') {
    const count = (await openPositions(parts.db, speaker.accountId)).length
    if (count === 0)
      return new Refusal('NO_POSITION', 'You have no open position.', 'Type `positions` to see what is open')
    return sure(ground, `CLOSE ALL POSITIONS (${count} now)`, undefined) ?? { given: {}, what: 'CLOSE ALL POSITIONS' }
  }
  if (side === 'scaleout') {
    const slots = withCustomTerms(ground.slots, parts.market)
    if (slots instanceof Refusal) return slots
    const subject = ground.symbols ?? (ground.instrument ? [ground.instrument.symbol] : [])
    // A deadline is the end of the condition.
    const terms = await termsOf(hearing, { ...slots, deadline: undefined }, subject)
    if (terms instanceof Refusal) return terms
    return scaleout({ ...ground, slots, noSmart: await noSmartIn(parts.market, ground) }, terms)
  }
  if (side === 'close') return close(ground)
  return trade(hearing, ground, side, shown)
}

/**
 * Checks that the market has bars for a smart scaleout. A market without bars now will have none at the planned time, and then
 * the member cannot be asked.
 */
async function noSmartIn(market: Market, { slots, instrument, symbols }: LaterGround): Promise<string | undefined> {
  if (slots.speed !== 'smart') return undefined
  for (const symbol of symbols ?? (instrument ? [instrument.symbol] : [])) {
    const bars = await market.bars(symbol, 5, 2)
    if (bars.length < 2) return noVolumeHistory(symbol, market.name).text.split('\n')[0]!
  }
  return undefined
}

/** Asks for the speed, unless a valid one was named. */
function speedOf({ slots, noSmart, when }: LaterGround, { speed, own }: Terms, what: string, kept: Given): Ask | Speed {
  const { speed: said, ...rest } = { ...slots.words, ...kept }
  if (said === custom) return askCustom([`${what}, ${when}`], rest)
  if (noSmart) return askSpeed([noSmart, `${what}, ${when}`], rest, { offered: plainSpeeds, own })
  return speed ?? askSpeed([`${what}, ${when}`], rest, { own })
}

function scaleout(ground: LaterGround, terms: Terms): Ask | Refusal | Later {
  const { slots, instrument, position, symbols } = ground
  if (symbols) return scaleoutOfSeveral(ground, terms, symbols)
  if (!position || !instrument) return nothingOpen(instrument)
  const onWrongSide = terms.bound && wrongSide(position, terms.bound)
  if (onWrongSide) return onWrongSide
  const part = slots.quantity === undefined && slots.share === undefined ? undefined : partIn(ground)
  if (part instanceof Refusal) return part
  const symbol = instrument.symbol
  const speed = speedOf(ground, terms, positionText(position), { symbol })
  if (typeof speed !== 'string') return speed
  const amount = part ? quantityText(part) : 'all'
  const what = `SCALE OUT of ${part ? `${amount} ` : ''}${symbol}, ${termsText(speed, terms)}`
  const said = wordsOfTerms(speed, slots)
  const known = { symbol, ...said, ...(part && { quantity: part.toFixed(), position: String(position.id) }) }
  const positionIds = [position.id]
  return sure(ground, what, part ?? position.signedQuantity.abs()) ?? { given: known, what, positionIds }
}

/** A scaleout of several always needs a confirmation, because its total value is not known now. */
function scaleoutOfSeveral(ground: LaterGround, terms: Terms, symbols: string[]): Ask | Refusal | Later {
  const { words, quantity, share } = ground.slots
  if (quantity !== undefined) {
    const sentence = 'One quantity cannot be for several symbols. Nothing was scheduled.'
    return new Refusal('ONE_SYMBOL', sentence, 'Say half, or 30%, or leave it out')
  }
  const speed = speedOf(ground, terms, symbols.join(', '), { symbols: symbols.join(' ') })
  if (typeof speed !== 'string') return speed
  const part = share === undefined || saysAll({ share }) ? undefined : words.fraction!
  const what = `SCALE OUT of ${part ? `${percentText(shareOf(part)).slice(1)} of ` : ''}${symbols.join(', ')}, ${termsText(speed, terms)}`
  const said = wordsOfTerms(speed, ground.slots)
  const known = { symbols: symbols.join(' '), ...said, ...(part && { fraction: part }) }
  return sure(ground, what) ?? { given: known, what, positionIds: ground.positionIds }
}

/** The share as one number, to repeat it back. */
function shareOf(fraction: string): Big {
  const [of = '', whole = '1'] = fraction.split('/')
  return new Big(of).div(whole)
}

function close(ground: LaterGround): Ask | Refusal | Later {
  const { slots, instrument, position } = ground
  if (!position || !instrument) return nothingOpen(instrument)
  const { symbol } = instrument
  const limit = slots.price === undefined ? undefined : onTick(slots.price, instrument)
  if (limit instanceof Refusal) return limit
  const part = isAllOf(slots) ? undefined : partIn(ground)
  if (part instanceof Refusal) return part
  const verb = closingSide(position.signedQuantity) === 'sell' ? 'SELL' : 'BUY BACK'
  const order = part ? `${verb} ${quantityText(part)} ${symbol}` : `CLOSE ${symbol}`
  const what = `${order} ${limit ? `@ ${priceText(limit)}` : 'at the market'}`
  const price: Given = limit ? { price: limit.toFixed() } : { now: 'yes' }
  const known = { symbol, ...price, ...(part && { quantity: part.toFixed(), position: String(position.id) }) }
  const positionIds = [position.id]
  return sure(ground, what, part ?? position.signedQuantity.abs()) ?? { given: known, what, positionIds }
}

/** Asks the same questions as an order for now. The quantity that they show is the most that is sent at the planned time. */
async function trade(
  hearing: Hearing,
  ground: LaterGround,
  verb: Verb,
  shown?: TradeState,
): Promise<Ask | Refusal | { declined: true } | Later> {
  const { slots, instrument, position, quote } = ground
  const { sure: answer } = slots.words
  if (!instrument) return nothingOpen(instrument)
  if (!quote) {
    const sentence = `There is no price of ${instrument.symbol} now. Nothing was scheduled.`
    return new Refusal('NO_FRESH_PRICE', sentence, 'Try again when there is one')
  }
  const decides = { verb, instrument, quote, position, confirmAbove: ground.confirmAbove }
  const first = tradeFrom(decides, slots, shown)
  const wanted = 'side' in first && answer !== 'only' ? enteringLater(hearing, ground, first) : undefined
  // If the order would be refused anyway, it is refused before a question.
  const refused = wanted && (await passGate(hearing.parts.db, hearing.parts, wanted))
  if (refused) return refused
  const decided = nextOfTrade(decides, slots, shown)
  if ('declined' in decided || decided instanceof Refusal) return decided
  if ('ask' in decided) return { ...decided, text: `⏰ ${ground.when}:\n${decided.text}` }
  const levels = entryLevels(decided, slots, quote, position)
  if (levels instanceof Refusal) return levels
  const quantity = quantityIn(decided)
  const how = decided.limitPrice ? `@ ${priceText(decided.limitPrice)}` : 'at the market'
  const what = `${decided.side.toUpperCase()} ${quantityText(quantity)} ${instrument.symbol} ${how}${levels.length > 0 ? `, ${entryLevelsText(levels)}` : ''}`
  const known: Given = {
    symbol: instrument.symbol,
    quantity: quantity.toFixed(),
    ...(decided.limitPrice && { price: decided.limitPrice.toFixed() }),
    ...keptLevels(levels, slots.words),
    sure: answer ?? 'yes',
    shown: packed(shownOf(decides, decided)),
  }
  const positionIds = decided.exit && !decided.enter ? [decided.exit.positionId] : undefined
  return { given: known, what, positionIds, entering: enteringLater(hearing, ground, decided) }
}

/** The levels that the order brings along, as values of the command. A price is a plain number, so that a split can move it. */
function keptLevels(levels: EntryLevel[], words: Given): Given {
  const names = { stop: 'stopLoss', target: 'takeProfit' } as const
  return Object.fromEntries(
    levels.map((level) => [
      names[level.kind],
      level.at === 'price' ? level.price.toFixed() : words[names[level.kind]]!,
    ]),
  )
}

/** The opening part of a trade, in the form that the gate checks; undefined when it opens nothing. */
function enteringLater(
  { speaker: { accountId, memberId }, inboundId }: Hearing,
  { instrument, quote }: LaterGround,
  { side, enter: quantity, limitPrice }: Trade,
): Entering | undefined {
  if (!quantity) return undefined
  const price = dearest(side, limitPrice, quote)
  return {
    accountId,
    memberId,
    key: inboundId,
    symbol: instrument!.symbol,
    side,
    quantity,
    price,
    limitPrice,
    isLater: true,
  }
}

function partIn({ slots, instrument, position }: LaterGround): Big | Refusal {
  const part = partOf(slots, instrument!)
  const amount = part instanceof Refusal ? part : part(position!)
  if (amount instanceof Refusal || amount.lte(position!.signedQuantity.abs())) return amount
  const open = quantityText(position!.signedQuantity)
  return new Refusal(
    'QUANTITY_EXCEEDS_POSITION',
    `${quantityText(amount)} is more than the ${open} ${position!.symbol} that are open.`,
    'Leave the quantity out for all of it',
  )
}

/** Asks for a yes to an order above the account's confirmation limit; undefined when it needs none or has it. */
function sure({ slots, quote, when, confirmAbove: above }: LaterGround, what: string, quantity?: Big): Ask | undefined {
  const { words, price } = slots
  if (words.sure === 'yes' || !above) return undefined
  const worth = quantity && quote && quantity.times(price instanceof Big ? price : quote.last)
  if (worth?.lte(above)) return undefined
  const text = [
    `⏰ ${what} ${when}?`,
    ...(worth
      ? [
          `Worth ${dollarsText(worth)} now, more than the ${dollarsText(above)} above which the desk asks (\`confirm\`).`,
        ]
      : []),
    numbered(['YES - Schedule it', 'NO - Leave it']),
    '',
    '💡 Reply with 1 or 2',
  ].join('\n')
  const choices = [
    { value: 'yes', label: 'YES', aliases: ['y', 'ok'] },
    { value: 'no', label: 'NO', aliases: ['n'] },
  ]
  return choose('sure', 'Schedule it?', text, choices, words)
}

/** The refusal without an open position for the order. */
export function nothingOpen(instrument?: Instrument): Refusal {
  return instrument
    ? noPosition(instrument.symbol)
    : new Refusal('NO_POSITION', 'You have no open position.', 'Type `positions` to see what is open')
}

/** The confirmation limit of the speaker's account, in dollars. */
export function askedAbove({ parts, speaker }: Hearing): Promise<Big | undefined> {
  return confirmAbove(parts.db, speaker.accountId)
}
