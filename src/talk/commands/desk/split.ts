import { z } from 'zod'
import { Big, zero } from '../../../base/amounts.ts'
import { durationText, priceText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Instrument, Quote } from '../../../market/market.ts'
import { marksOf } from '../../../market/marks.ts'
import { actOnSymbol } from '../../../trading/corporate-actions/act.ts'
import { metAtOnce } from '../../../trading/corporate-actions/at-once.ts'
import { priceOfOldUnit } from '../../../trading/corporate-actions/prices.ts'
import { effectLines } from '../../../trading/corporate-actions/reasons.ts'
import { type Affected, affectedBy } from '../../../trading/corporate-actions/rows/affected.ts'
import {
  type CorporateAction,
  findAction,
  lastDone,
} from '../../../trading/corporate-actions/rows/corporate-actions.ts'
import {
  type Ratio,
  ratioMeaning,
  ratioText,
  splitHolding,
  wholeLots,
} from '../../../trading/corporate-actions/rules/split.ts'
import type { QueuedNotice } from '../../../trading/notice.ts'
import type { Given } from '../../language/slots.ts'
import { numberIn, plain } from '../../language/words.ts'
import { changeText } from '../../wording/corporate-actions.ts'
import { repliesOf } from '../../wording/index.ts'
import { type Ask, type Command, choose, enter, type Hearing, numbered, type Outcome, say } from '../command.ts'
import { keptAmount } from '../flow-state.ts'
import { valuesOf } from '../read-slots.ts'
import type { SlotValues } from '../slot-values.ts'
import { knownSymbol } from '../symbol.ts'

/** The words of a split. */
interface Said {
  symbol: string
  ratio: Ratio
  cash?: string
}

const mostUnits = 10_000
const words =
  /^\$?(?<symbol>\S{1,20}) (?<to>[\d.,]+) ?(?::| for |-for-) ?(?<from>[\d.,]+)(?:,? (?:cash |cash at |at |@ ?)\$?(?<cash>[\d.,]+))?$/

/** Reads `BYND 1:10`, `BYND 10 for 1` or `BYND 1-for-10 cash 5.60`: new units first. */
export function splitFrom(text: string): Said | Refusal {
  const { symbol, to, from, cash } = words.exec(plain(text))?.groups ?? {}
  if (symbol === undefined) return notUnderstood()
  const units = [to!, from!].map((text) => numberIn(text))
  if (units.includes(undefined)) return notUnderstood()
  const [news, old] = units.map((digits) => new Big(digits!)) as [Big, Big]
  const isWhole = [news, old].every((one) => one.gte(1) && one.lte(mostUnits) && one.round(0).eq(one))
  if (!isWhole) return strangeRatio(`Both numbers of a split are whole, from 1 to ${quantityText(new Big(mostUnits))}.`)
  if (news.eq(old)) return strangeRatio(`${news.toFixed()}:${old.toFixed()} changes nothing.`)
  return { symbol, ratio: { to: news, from: old }, cash }
}

/**
 * The state that a question about a split has shown: each account's position, and the id of the symbol's last split (0: none).
 */
const splitState = z.object({
  flow: z.literal('split'),
  v: z.literal(1),
  last: z.number(),
  held: z.array(z.object({ accountId: z.number(), quantity: keptAmount })),
})
export type SplitState = z.infer<typeof splitState>

/** The facts for the question about a split. */
export interface SplitGround {
  instrument: Instrument
  ratio: Ratio
  affected: Affected[]
  quote?: Quote
  /** The last split of the symbol, and its age in milliseconds. */
  last?: { action: CorporateAction; agoMs: number }
}

/**
 * The next step of `split`: a question, a refusal, or the go-ahead, with the cash price in dollars for fractions of a share. A
 * yes is only for the state that was shown.
 */
export function nextOfSplit(
  ground: SplitGround,
  { words: given, cash: cashPrice }: SlotValues,
  shown?: SplitState,
): Ask | Refusal | { declined: true } | { cashPrice?: Big } {
  if (given.sure === 'no') return { declined: true }
  const { instrument, affected, ratio } = ground
  if (affected.length === 0) return nothingThere(instrument.symbol)
  if (cashPrice instanceof Refusal) return cashPrice
  const hasFractions = affected.some(
    ({ position }) => position && isFraction(position.signedQuantity, ratio, instrument),
  )
  if (hasFractions && !cashPrice) return askCash(ground, given)
  const now = shownOf(ground)
  const { sure, ...kept } = given
  if (sure === 'yes' && isSame(shown, now)) return { cashPrice }
  return { ...askSure(ground, cashPrice, kept, sure === 'yes'), state: now }
}

function isFraction(signedQuantity: Big, ratio: Ratio, { lot }: Instrument): boolean {
  const open = signedQuantity.abs()
  return !wholeLots(open, ratio, lot).times(ratio.from).eq(open.times(ratio.to))
}

/** The state of a question: each account's position, and the last split. */
function shownOf({ affected, last }: SplitGround): SplitState {
  const held = affected.map(({ accountId, position }) => ({ accountId, quantity: position?.signedQuantity ?? zero }))
  return { flow: 'split', v: 1, last: last?.action.id ?? 0, held }
}

function isSame(shown: SplitState | undefined, now: SplitState): boolean {
  if (shown?.last !== now.last || shown.held.length !== now.held.length) return false
  return now.held.every(({ accountId, quantity }, index) => {
    const before = shown.held[index]!
    return before.accountId === accountId && before.quantity.eq(quantity)
  })
}

function askCash({ instrument, quote, ratio }: SplitGround, given: Given): Ask {
  const now = quote ? ` (now ${priceText(quote.last)}${quote.stale ? ', not fresh' : ''})` : ''
  const text = `❓ SPLIT ${instrument.symbol} ${ratioText(ratio)}: ${ratioMeaning(ratio)}, and what is no whole share is paid out in cash.\nAt how many dollars for a new ${instrument.symbol} share${now}?`
  return enter('cash', 'number', 'Cash for a new share', text, given)
}

function askSure(ground: SplitGround, cashPrice: Big | undefined, given: Given, isChanged: boolean): Ask {
  const { instrument, ratio, quote, last } = ground
  const { symbol } = instrument
  const lines = [
    ...(isChanged ? ['⚠️ What is held has changed meanwhile.'] : []),
    `🔀 SPLIT ${symbol} ${ratioText(ratio)} — ${ratioMeaning(ratio)}?`,
    ...exampleOf(ground, cashPrice),
    countsOf(ground),
    ...(cashPrice ? [`What is no whole share is paid out at ${priceText(cashPrice)} for a new share.`] : []),
    ...(quote
      ? [
          `Price now: ${priceText(quote.last)}${quote.stale ? ' (not fresh)' : ''}; of new shares it must be by the time that they trade`,
        ]
      : []),
    ...(last ? [`⚠️ ${symbol} was split ${ratioText(last.action.ratio)} already, ${durationText(last.agoMs)} ago`] : []),
    numbered([`YES - ${becomeText(ratio)}, for everybody`, 'NO - Leave it']),
    '',
    '💡 Reply with 1 or 2',
  ]
  return choose('sure', 'Split it?', lines.join('\n'), yesOrNo, given)
}

/** `10 become 1`, `1 becomes 2`. */
const becomeText = ({ to, from }: Ratio) =>
  `${quantityText(from)} ${from.eq(1) ? 'becomes' : 'become'} ${quantityText(to)}`

/** The answers to the confirmation of a corporate action. */
export const yesOrNo = [
  { value: 'yes', label: 'YES', aliases: ['y'] },
  { value: 'no', label: 'NO', aliases: ['n'] },
]

/** The effect of the split on the largest open position, as an example. */
function exampleOf({ instrument, affected, ratio }: SplitGround, cashPrice: Big | undefined): string[] {
  const held = affected.flatMap(({ position, name }) => (position ? [{ position, name }] : []))
  const [most] = held.sort((a, b) => b.position.signedQuantity.abs().cmp(a.position.signedQuantity.abs()))
  if (!most) return []
  const { position, name } = most
  const { holding } = splitHolding(position, ratio, instrument.lot, cashPrice ?? new Big(1))
  return [`${name}: ${changeText(position, { ...position, ...holding })}`]
}

function countsOf({ affected }: SplitGround): string {
  const count = (number: number, one: string, several = `${one}s`) =>
    number === 0 ? [] : [`${number} ${number === 1 ? one : several}`]
  const all = [
    ...count(affected.filter(({ position }) => position).length, 'position'),
    ...count(affected.filter(({ scaleout }) => scaleout).length, 'scaleout'),
    ...count(affected.flatMap(({ orders }) => orders).length, 'order at the venue', 'orders at the venue'),
    ...count(affected.flatMap(({ scheduled }) => scheduled).length, 'order for later', 'orders for later'),
  ]
  return `In ${affected.length === 1 ? 'one account' : `${affected.length} accounts`}: ${all.join(', ')}`
}

export const splitSymbol: Command = {
  name: 'split',
  aliases: [],
  description: 'A stock split (owners only)',
  category: 'Desk',
  position: 145,
  effect: 'governs',
  usage: 'split SYMBOL NEW:OLD [cash PRICE]',
  example: 'split BYND 1:10',
  detail:
    'A stock split, in every account at once: `split BYND 1:10` (or `1 for 10`) makes one new share of ten old ones, `10:1` ten of one. Quantities, average prices, stops, targets, trails, scaleouts, working orders and orders for later follow, and each thread is told. What is no whole share is paid out in cash, at a price that you say. It asks first, with a position as an example. Say it while the symbol does not trade, before the first price of the new shares. Owners only.',
  needs: 'owner',
  account: 'none',
  options: [
    { name: 'symbol', type: 'text', required: true, description: 'Which symbol' },
    { name: 'ratio', type: 'text', required: true, description: 'New shares for old ones, such as 1:10' },
  ],
  asks: () => true,
  state: splitState,
  async run(hearing, slots, shown?: SplitState) {
    const { words } = slots
    const said = splitFrom(words.rest ?? '')
    if (said instanceof Refusal) return said
    const symbol = knownSymbol(hearing.parts.market, said.symbol)
    if (symbol instanceof Refusal) return symbol
    return split(
      hearing,
      symbol,
      said,
      said.cash === undefined ? slots : valuesOf({ cash: said.cash, ...words }, hearing.parts.market),
      shown,
    )
  },
}

async function split(
  hearing: Hearing,
  symbol: string,
  { ratio }: Said,
  slots: SlotValues,
  shown?: SplitState,
): Promise<Outcome> {
  const { parts, speaker, inboundId } = hearing
  const { memberId, conversationId } = speaker
  const instrument = parts.market.instrument(symbol)!
  const wanted = { kind: 'split' as const, symbol, newSymbol: symbol, ratio, memberId, conversationId, inboundId }
  // An unfinished split was confirmed before, so it only continues.
  if (await findAction(parts.db, { unfinishedOf: symbol })) return asOutcome(await actOnSymbol(parts, wanted, 0))
  const [affected, quote, action] = await Promise.all([
    affectedBy(parts.db, symbol),
    marksOf(parts.market).quote(symbol),
    lastDone(parts.db, symbol),
  ])
  const last = action && { action, agoMs: parts.clock.now().getTime() - action.at.getTime() }
  const decided = nextOfSplit({ instrument, ratio, affected, quote, last }, slots, shown)
  if (decided instanceof Refusal) return decided
  if ('declined' in decided) return say('OK, nothing was split.')
  if ('ask' in decided) {
    const met = effectLines(await metAtOnce(parts, wanted))
    return met.length > 0 ? tooEarly(symbol, met) : decided
  }
  const oldPrice = priceOfOldUnit(affected, quote, ratio)
  return asOutcome(await actOnSymbol(parts, { ...wanted, cashPrice: decided.cashPrice, oldPrice }, action?.id ?? 0))
}

/** The result of a corporate action as the outcome of the command. */
export const asOutcome = (done: QueuedNotice[] | Refusal): Outcome =>
  done instanceof Refusal ? done : { replies: repliesOf(done) }

function tooEarly(symbol: string, met: string[]): Refusal {
  const sentence = `At the price of now that would set something off at once: the market does not show prices of new ${symbol} shares yet.\n${met.join('\n')}\nNothing was done.`
  return new Refusal(
    'SPLIT_TOO_EARLY',
    sentence,
    'Say it while the symbol does not trade, before the first price of the new shares',
  )
}

function strangeRatio(because: string): Refusal {
  const instead = '`split BYND 3:2` makes three shares of two, `split BYND 1:10` one of ten'
  return new Refusal('SPLIT_RATIO', `${because} Nothing was done.`, instead)
}

function notUnderstood(): Refusal {
  const sentence = 'Which symbol, and how many new shares for how many old ones? Nothing was done.'
  return new Refusal(
    'SPLIT_NOT_UNDERSTOOD',
    sentence,
    '`split BYND 1:10` makes one share of ten, `split BYND 10:1` ten of one',
  )
}

/** The refusal when no account has anything in the symbol. */
export function nothingThere(symbol: string): Refusal {
  return new Refusal('NOTHING_IN_SYMBOL', `Nobody has anything in ${symbol}. Nothing was done.`)
}
