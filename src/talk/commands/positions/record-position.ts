import { z } from 'zod'
import { type Big, zero } from '../../../base/amounts.ts'
import { priceText, profitText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { announcePosition } from '../../../infra/db/announce.ts'
import type { Quote } from '../../../market/market.ts'
import { keptText } from '../../../trading/accounts/gate-refusals.ts'
import { accountFor } from '../../../trading/accounts/rows/accounts.ts'
import { buyingPowerOf } from '../../../trading/accounts/rows/gate-facts.ts'
import { noPrice } from '../../../trading/orders/fresh-price.ts'
import type { Traded } from '../../../trading/orders/traded.ts'
import { changedMeanwhile, correctedHolding, type Held, recordHeld } from '../../../trading/positions/record-held.ts'
import { positionCount } from '../../../trading/positions/rows/position-count.ts'
import { openPosition, type Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { afterFill, openingSide, unrealizedPnl } from '../../../trading/positions/rules/position.ts'
import { beyondBroker } from '../../../trading/reconcile/claim-external.ts'
import { freshLook } from '../../../trading/reconcile/fresh-look.ts'
import type { Reply } from '../../chat/reply.ts'
import { restated } from '../../language/restate.ts'
import { repliesOf } from '../../wording/index.ts'
import { type Ask, type Command, choose, enter, type Hearing, numbered, type Outcome } from '../command.ts'
import { keptAmount } from '../flow-state.ts'
import { instrumentMeant } from '../instrument-meant.ts'
import { inLots, inReason } from '../quantity.ts'
import type { SlotValues } from '../slot-values.ts'
import { symbolMeant } from '../symbol.ts'
import { unlessHalted } from '../unless-halted.ts'

type Direction = 'LONG' | 'SHORT'
type Wanted = Pick<Held, 'symbol' | 'direction' | 'quantity' | 'price' | 'priced'>

/** The state that the questions about an already open position have shown. */
const recordState = z.object({
  flow: z.literal('record'),
  v: z.literal(1),
  /** The version of the open position. */
  version: z.number(),
  /** The market price at which the open position would end, in dollars; absent before that question. */
  endPrice: keptAmount.optional(),
})
export type RecordState = z.infer<typeof recordState>

/** A price that differs from the market by more than this factor needs a confirmation. */
const surprising = 5

function recordPosition(
  direction: Direction,
  about: Omit<Command, 'usage' | 'detail' | 'needs' | 'account' | 'options' | 'state' | 'run'>,
): Command {
  const word = direction.toLowerCase()
  return {
    ...about,
    usage: `${word} SYMBOL QTY [@ PRICE]`,
    detail: `Records a ${word} position that you hold, at that price; without a price, at the current one. No order is sent. When one is open already, asks whether to add, update or replace; replacing books the old one's P&L at a price that it asks for. \`undo\` takes it back within a minute.`,
    needs: 'trader',
    account: 'opens',
    options: [
      { name: 'symbol', type: 'symbol', required: true, description: 'What you hold' },
      { name: 'quantity', type: 'quantity', required: true, description: 'How many: 3,750 or 3.75k' },
      { name: 'price', type: 'price', before: '@', description: 'Dollars each; else the current price' },
    ],
    state: recordState,
    run: (hearing, slots, shown?: RecordState) => record(hearing, slots, direction, shown),
  }
}

export const recordLong = recordPosition('LONG', {
  name: 'long',
  aliases: ['bought'],
  phrases: [{ thin: 'went long, go long, am long, im long, bought, got long, picked up' }],
  description: 'Record a long position that you hold',
  category: 'Positions',
  position: 10,
  effect: 'trades',
  restate: (given) => restated('record a long position', given),
  example: 'long BYND 3750 @ .63',
})

export const recordShort = recordPosition('SHORT', {
  name: 'short',
  aliases: ['shorted'],
  phrases: [{ thin: 'went short, go short, am short, im short, shorted, got short, sold short' }],
  description: 'Record a short position that you hold',
  category: 'Positions',
  position: 20,
  effect: 'trades',
  restate: (given) => restated('record a short position', given),
  example: 'short TSLA 20 @ 251.40',
})

async function record(
  hearing: Hearing,
  slots: SlotValues,
  direction: Direction,
  shown?: RecordState,
): Promise<Outcome> {
  const { parts, speaker, inboundId } = hearing
  const symbol = await symbolMeant(hearing, slots)
  if (typeof symbol !== 'string') return symbol
  const instrument = (await instrumentMeant(parts, speaker.accountId, symbol, slots))!
  const known: SlotValues = { ...slots, symbol, words: { ...slots.words, symbol } }
  const quote = await parts.market.quote(symbol)
  const wanted = wantedFrom(known, instrument, direction, quote)
  if (wanted instanceof Refusal) return wanted
  if ('ask' in wanted) return unlessHalted(hearing, wanted)
  const open = await openPosition(parts.db, speaker.accountId, symbol)
  const decided = nextOfRecord(open, wanted, known, { quote, shown })
  if (decided instanceof Refusal) return decided
  if ('ask' in decided) {
    const passing = shown ? allAnswers : await passingAnswers(hearing, open, wanted)
    if (passing instanceof Refusal) return passing
    const asked = passing === allAnswers ? decided : nextOfRecord(open, wanted, known, { quote, shown, passing })
    return 'ask' in asked ? unlessHalted(hearing, asked) : decided
  }
  if ('declined' in decided) return { replies: [{ text: 'OK, nothing was recorded.' }] }
  await accountFor(parts.db, speaker)
  const { accountId, memberId, conversationId } = speaker
  const silent = await freshLook(parts, accountId)
  if (silent) return silent
  const recorded = await recordHeld(parts, {
    ...wanted,
    key: inboundId,
    accountId,
    memberId,
    conversationId,
    existing: decided.existing,
  })
  if (recorded === changedMeanwhile) {
    const { existing: _, ended: __, endedAt: ___, ...words } = known.words
    return record(hearing, { ...known, words, endedAt: undefined }, direction)
  }
  if (recorded instanceof Refusal) return recorded
  const position = await openPosition(parts.db, accountId, symbol)
  if (position) await announcePosition(parts, position.id)
  const replies = repliesOf(recorded)
  replies.push(...(await spentReply(parts, accountId)))
  if ((await positionCount(parts.db, accountId)) === 1 && !decided.existing) replies.at(-1)!.hint = nextStep(direction)
  return { replies }
}

/** The answers about a position that is open already. */
const allAnswers = ['add', 'update', 'replace'] as const
type Answer = (typeof allAnswers)[number]

/**
 * The answers to the question that the account would take. On a linked account they claim units that the broker has to show: the
 * refusal when none would pass, so that nobody is asked in vain.
 */
async function passingAnswers(
  { parts, speaker: { accountId } }: Hearing,
  open: Position | undefined,
  wanted: Wanted,
): Promise<readonly Answer[] | Refusal> {
  if (accountId === 0 || !(await parts.venues.of(accountId)).venue.capabilities.isLinked) return allAnswers
  const silent = await freshLook(parts, accountId)
  if (silent) return silent
  const { signedQuantity } = correctedHolding(wanted)
  const taking = (change: Big) => beyondBroker(parts.db, { ...wanted, accountId }, change)
  const added = await taking(signedQuantity)
  if (!open) return added ?? allAnswers
  // An update and a replacement take the difference.
  const corrected = await taking(signedQuantity.minus(open.signedQuantity))
  if (!added && !corrected) return allAnswers
  if (corrected) return added ? corrected : ['add']
  return ['update', 'replace']
}

/** A reply when what is recorded leaves nothing to buy with; none otherwise. */
async function spentReply({ db }: Hearing['parts'], accountId: number): Promise<Reply[]> {
  const power = await buyingPowerOf(db, accountId)
  if (power.left.gt(0)) return []
  const text = `⚠️ No buying power is left in this account${keptText(power)}: orders that open are refused, and exits go on.`
  return [{ text }]
}

const nextStep = (direction: Direction) =>
  `💡 \`scaleout\` ${direction === 'LONG' ? 'sells it' : 'buys it back'} in parts over time`

function wantedFrom(
  { words, quantity: said, price: at }: SlotValues,
  instrument: Traded,
  direction: Direction,
  quote?: Quote,
): Wanted | Ask | Refusal {
  if (said === undefined) {
    return enter(
      'quantity',
      'number',
      `How many ${instrument.symbol}?`,
      `❓ How many ${instrument.symbol} are you ${direction.toLowerCase()}?`,
      words,
    )
  }
  const quantity = said instanceof Refusal ? said : inLots(said, instrument)
  if (quantity instanceof Refusal) return quantity
  const price = at ?? currentPrice(instrument.symbol, quote)
  return price instanceof Refusal
    ? price
    : { symbol: instrument.symbol, direction, quantity, price, ...(at === undefined && { priced: 'at market' }) }
}

function currentPrice(symbol: string, quote?: Quote): Big | Refusal {
  const unusable = noPrice(quote)
  if (!unusable) return quote!.last
  return new Refusal(
    'NO_FRESH_PRICE',
    `There is no current price for ${symbol}: ${unusable}. Nothing was recorded.`,
    `Say the price: \`long ${symbol} 100 @ 1.25\``,
  )
}

type Decided = { existing?: Held['existing'] } | { declined: true }

/** The next step of recording: a question about a surprising price or an open position, a refusal, or the decision. */
export function nextOfRecord(
  open: Position | undefined,
  wanted: Wanted,
  slots: SlotValues,
  { quote, shown, passing = allAnswers }: { quote?: Quote; shown?: RecordState; passing?: readonly Answer[] } = {},
): Ask | Refusal | Decided {
  const { words: given } = slots
  if (given.sure === 'no') return { declined: true }
  if (quote && given.sure !== 'yes' && isSurprising(wanted.price, quote.last)) {
    const lines = numbered(['YES - Record it', 'NO - Leave it'])
    const text = `🤔 ${wanted.symbol} is at ${priceText(quote.last)}; you said ${priceText(wanted.price)}. Is that right?\n${lines}\n\n💡 Reply with 1 or 2`
    const answers = [
      { value: 'yes', label: 'YES', aliases: ['y'] },
      { value: 'no', label: 'NO', aliases: ['n'] },
    ]
    return { ...choose('sure', 'Is that price right?', text, answers, given), state: shown }
  }
  if (!open) return {}
  const how = allAnswers.find((one) => one === given.existing)
  if (shown && how === 'replace') {
    const endedAt = nextOfEnding(open, slots, shown, quote)
    if (endedAt instanceof Refusal || 'ask' in endedAt) return endedAt
    return { existing: { how, version: shown.version, endedAt } }
  }
  if (shown && (how === 'add' || how === 'update')) return { existing: { how, version: shown.version } }
  const corrected = positionText({ symbol: open.symbol, ...correctedHolding(wanted) })
  const answers: Record<Answer, string> = {
    add: addText(open, wanted),
    update: `UPDATE - Correct it to ${corrected}, keep the realized P&L`,
    replace: `REPLACE - Book the old one's P&L, begin with ${corrected}`,
  }
  const lines = numbered(passing.map((answer) => answers[answer]))
  const left = allAnswers.filter((answer) => !passing.includes(answer)).map((answer) => answer.toUpperCase())
  const without =
    left.length > 0
      ? `\nThe broker does not show enough ${open.symbol} for ${left.join(' and ')}, so that is left out.`
      : ''
  const reply = ['1', '1 or 2', '1, 2, or 3'][passing.length - 1]
  const text = `❓ You are already ${positionText(open)}.\nWhat is ${wanted.direction} ${quantityText(wanted.quantity)} @ ${priceText(wanted.price)}?\n${lines}${without}\n\n💡 Reply with ${reply}`
  const choices = passing.map((value) => ({ value, label: value.toUpperCase() }))
  const agreed = { ...given, quantity: wanted.quantity.toFixed(), price: wanted.price.toFixed() }
  const state: RecordState = { flow: 'record', v: 1, version: open.version }
  const title = passing.length === allAnswers.length ? 'Add, update or replace?' : 'What is it?'
  return { ...choose('existing', title, text, choices, agreed), state }
}

/** The price at which the old position ended, in dollars: the shown market price, or the member's own. */
function nextOfEnding(open: Position, slots: SlotValues, shown: RecordState, quote?: Quote): Ask | Refusal | Big {
  const { words: given, endedAt } = slots
  if (endedAt !== undefined) return endedAt
  if (given.ended === 'market' && shown.endPrice) return inReason(shown.endPrice)
  const market = quote && !quote.stale ? (open.signedQuantity.gt(0) ? quote.bid : quote.ask) : undefined
  if (given.ended === 'price' || !market) {
    const text = `❓ At what price did ${positionText(open)} end?`
    return { ...enter('endedAt', 'number', 'Price it ended at', text, given), state: shown }
  }
  const locksIn = profitText(unrealizedPnl(open, market))
  const lines = numbered([`Market - ${priceText(market)}, P&L ${locksIn}`, 'Price - Enter the price that it ended at'])
  const text = `❓ At what price did ${positionText(open)} end?\n${lines}\n\n💡 Reply with 1 or 2`
  const choices = [
    { value: 'market', label: 'Market', aliases: ['mkt', 'now'] },
    { value: 'price', label: 'Price' },
  ]
  const asked = choose('ended', 'Where did it end?', text, choices, given)
  const state: RecordState = { ...shown, endPrice: market }
  return { ...asked, ask: { ...asked.ask, orPrice: 'endedAt' }, state }
}

function addText(open: Position, wanted: Wanted): string {
  const fill = { side: openingSide(wanted.direction), quantity: wanted.quantity, price: wanted.price, commission: zero }
  const { holding, realizedPnl } = afterFill(open, fill)
  const after = positionText({ symbol: open.symbol, ...holding })
  const nets = open.signedQuantity.gt(0) !== (wanted.direction === 'LONG')
  return nets ? `ADD - Net with it: ${after}, locks in ${profitText(realizedPnl)}` : `ADD - Together: ${after}`
}

export function isSurprising(price: Big, market: Big): boolean {
  return price.gt(market.times(surprising)) || price.times(surprising).lt(market)
}
