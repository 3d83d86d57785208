import { Big } from '../../../base/amounts.ts'
import { dollarsText, priceText, quantityText, shortPercentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { strangeLimit } from '../../../trading/orders/strange-limit.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { directionOf } from '../../../trading/positions/rules/position.ts'
import { type Ask, choose, numbered } from '../command.ts'
import type { SlotValues } from '../slot-values.ts'
import { changedSince, type Ground, quantityIn, shownOf, type Trade, type TradeState, tradeFrom } from './trade-plan.ts'

/** The next step of an order: a question, a refusal, or the trade. A trade is never larger than its answered question showed. */
export function nextOfTrade(
  ground: Ground,
  slots: SlotValues,
  shown?: TradeState,
): Ask | Refusal | { declined: true } | Trade {
  const { sure } = slots.words
  if (sure === 'no') return { declined: true }
  const trade = tradeFrom(ground, slots, shown)
  if (!('side' in trade)) return trade
  const question = questionOf(ground, trade)
  if (!question && sure === undefined) return trade
  const changed = sure === undefined ? undefined : changedSince(shown, ground, trade)
  if (sure !== undefined && !changed) {
    if (sure !== 'only') return trade
    const { enter: _, ...exitOnly } = trade
    return exitOnly
  }
  return ask(
    ground,
    trade,
    question ?? { head: `CONFIRM: ${orderText(ground, trade)}`, because: [], answers: yesOrNo },
    slots,
    changed,
  )
}

/** A question about an order: its heading, the reasons, and the answers. */
interface Doubt {
  head: string
  because: (string | undefined)[]
  answers: { value: string; label: string; line: string; aliases?: string[] }[]
}

const yesOrNo: Doubt['answers'] = [
  { value: 'yes', label: 'YES', line: 'YES - Send it', aliases: ['y', 'ok'] },
  { value: 'no', label: 'NO', line: 'NO - Leave it', aliases: ['n'] },
]

/**
 * The question about this order, if it needs one: its quantity is made of dollars, it reverses a position, sells short, has a
 * strange limit, or is large.
 */
function questionOf(ground: Ground, trade: Trade): Doubt | undefined {
  const doubt = doubtOf(ground, trade)
  if (!trade.dollars) return doubt
  const { head, because, answers } = doubt ?? {
    head: `CONFIRM: ${orderText(ground, trade)}`,
    because: [],
    answers: yesOrNo,
  }
  return { head, because: [forDollars(ground, trade), ...because], answers }
}

/** `$5,000 of BYND at $0.64: 7,812 shares`, or the units of what is traded in parts. */
function forDollars({ instrument: { symbol, lot } }: Ground, trade: Trade): string {
  const units = quantityIn(trade)
  const noun = lot.eq(1) ? (units.eq(1) ? ' share' : units.lt(1) ? ' of a share' : ' shares') : ''
  return `${dollarsText(trade.dollars!)} of ${symbol} at ${priceText(trade.price)}: ${quantityText(units)}${noun}`
}

function doubtOf(ground: Ground, trade: Trade): Doubt | undefined {
  const { position, quote, verb, confirmAbove } = ground
  const head = orderText(ground, trade)
  const strange =
    quote && trade.limitPrice && !trade.stopPrice ? strangeLimit(trade.side, trade.limitPrice, quote) : undefined
  if (trade.exit && trade.enter) return turning(ground, trade, position!, strange)
  if (verb === 'sell' && trade.enter) {
    const after = position ? position.signedQuantity.minus(trade.enter) : trade.enter.neg()
    const have = position ? `you are ${positionText(position)} already` : 'you have none, so this is a short sale'
    const answers = [{ ...yesOrNo[0]!, line: 'YES - Sell short' }, yesOrNo[1]!]
    return { head, because: [`${have}: you would be ${stateText(after)}`, strange], answers }
  }
  if (strange) return { head: `IS THAT RIGHT? ${head}`, because: [strange], answers: yesOrNo }
  const notional = quantityIn(trade).times(trade.price)
  if (!confirmAbove || notional.lte(confirmAbove)) return undefined
  const because = `more than the ${dollarsText(confirmAbove)} above which the desk asks (\`confirm\`)`
  return { head: `CONFIRM: ${head}`, because: [because], answers: yesOrNo }
}

function turning(ground: Ground, trade: Trade, position: Position, strange?: string): Doubt {
  const { notTurned } = ground
  const quantity = quantityIn(trade)
  const word = trade.side === 'sell' ? 'Sell' : 'Buy'
  const open = quantityText(trade.exit!.quantity)
  const after = stateText(trade.side === 'sell' ? trade.enter!.neg() : trade.enter!)
  const only = { value: 'only', label: `ONLY ${open}`, line: `${word} the ${open} only`, aliases: ['only'] }
  const turn = { value: 'turn', label: after, line: `${word} ${quantityText(quantity)} and be ${after}` }
  const no = { value: 'no', label: 'NOTHING', line: 'Nothing', aliases: ['none', 'n'] }
  // A resting order may fill late or never, and the other half must not be opened before.
  const waits = trade.limitPrice ?? trade.stopPrice
  const resting = waits && `an order with a ${trade.limitPrice ? 'limit' : 'stop'} does not turn a position round`
  return {
    head: orderText(ground, trade),
    because: [`you have ${positionText(position)}`, resting, notTurned, strange],
    answers: waits || notTurned ? [only, no] : [only, turn, no],
  }
}

function ask(ground: Ground, trade: Trade, doubt: Doubt, slots: SlotValues, changed?: 'position' | 'price'): Ask {
  const { head, because, answers } = doubt
  const notional = dollarsText(quantityIn(trade).times(trade.price))
  const each = trade.stopPrice
    ? `When it is at ${priceText(trade.stopPrice)}, ${trade.limitPrice ? `with a limit of ${priceText(trade.limitPrice)} each` : 'at the market'}`
    : trade.limitPrice
      ? `Limit ${priceText(trade.limitPrice)} each`
      : atMarket(ground, trade)
  const numbers = answers.map((_, index) => index + 1)
  const text = [
    ...(changed ? [changed === 'position' ? '⚠️ The position changed meanwhile.' : '⚠️ The price moved meanwhile.'] : []),
    `🤔 ${head}`,
    `${each}, ${notional} in all`,
    ...[levelsOf(slots), ...because].filter((one) => one !== undefined).map(sentence),
    numbered(answers.map(({ line }) => line)),
    '',
    `💡 Reply with ${numbers.length === 2 ? '1 or 2' : '1, 2, or 3'}`,
  ].join('\n')
  const { part: _, fraction: __, sure: ___, dollars: ____, leave: _____, ...rest } = slots.words
  const choices = answers.map(({ value, label, aliases = [] }) => ({ value, label, aliases }))
  const agreed = {
    ...rest,
    symbol: ground.instrument.symbol,
    quantity: quantityIn(trade).toFixed(),
    ...(trade.limitPrice && { price: trade.limitPrice.toFixed() }),
    ...(trade.stopPrice && { stop: trade.stopPrice.toFixed() }),
  }
  return { ...choose('sure', head.slice(0, 45), text, choices, agreed), state: shownOf(ground, trade) }
}

/** `At the market, about $1.01 each`; without a fresh price, the last one or the entry price, and the reason. */
function atMarket({ quote, unpriced }: Ground, { price }: Trade): string {
  const each = `${priceText(price)} each`
  if (!unpriced) return `At the market, about ${each}`
  return `At the market, without a fresh price (${unpriced}): ${quote ? `last seen at ${each}` : `it cost ${each}`}`
}

/** `Stop $112, target $130: set when it begins to fill.` */
function levelsOf({ stopLoss, takeProfit }: SlotValues): string | undefined {
  const levels = [stopLoss, takeProfit].flatMap((level) => {
    if (level === undefined || level instanceof Refusal) return []
    if (level.at === 'price') return `${level.kind} ${priceText(level.price)}`
    return level.at === 'return' ? `${level.kind} ${shortPercentText(level.share.abs())}` : []
  })
  return levels.length > 0 ? `${levels.join(', ')}: set when it begins to fill` : undefined
}

const sentence = (text: string) => `${text[0]?.toUpperCase()}${text.slice(1)}.`

/** `SELL 5,000 BYND`. */
function orderText({ instrument }: Ground, trade: Trade): string {
  return `${trade.side.toUpperCase()} ${quantityText(quantityIn(trade))} ${instrument.symbol}`
}

const stateText = (signedQuantity: Big) => `${directionOf(signedQuantity)} ${quantityText(new Big(signedQuantity))}`
