import { z } from 'zod'
import type { Big } from '../../../base/amounts.ts'
import { priceText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { announcePosition } from '../../../infra/db/announce.ts'
import { noPrice } from '../../../trading/orders/fresh-price.ts'
import { type Marked, markedPositions } from '../../../trading/positions/marked.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { protectPosition } from '../../../trading/protection/protect.ts'
import type { ProtectiveOrder } from '../../../trading/protection/rows/protective-orders.ts'
import { isTighter } from '../../../trading/protection/rules/protection.ts'
import { levelOf, outOfRange, reasonAgainstLevel, type WantedLevel } from '../../../trading/protection/wanted-level.ts'
import type { Reply } from '../../chat/reply.ts'
import type { Given } from '../../language/slots.ts'
import { repliesOf } from '../../wording/index.ts'
import { awayText, trailsText } from '../../wording/levels.ts'
import { type Ask, choose, type Hearing, numbered, type Outcome, say } from '../command.ts'
import { keptAmount } from '../flow-state.ts'
import { exampleSymbol, nothingOpen } from '../symbol.ts'

/** The levels that a question has shown, in dollars. */
export const everywhereState = z.object({
  flow: z.literal('levels everywhere'),
  v: z.literal(1),
  levels: z.array(z.object({ id: z.number(), signedQuantity: keptAmount, price: keptAmount })),
})
export type EverywhereState = z.infer<typeof everywhereState>

/** A level for every open position. */
export interface Everywhere {
  level: WantedLevel
  /** The level as it was said: `stop 5%`. */
  said: string
  /** A stop that saves as much already stays. */
  onlyTighter?: boolean
}

interface Fit {
  position: Position
  price: Big
  line: string
}

interface Unfit {
  symbol: string
  why: string
}

/**
 * Sets a level of every open position of the account, after one question that lists each with its price and names those that
 * cannot have it. A yes is only for what the question has shown.
 */
export async function setEverywhere(
  hearing: Hearing,
  { level, said, onlyTighter }: Everywhere,
  given: Given,
  shown?: EverywhereState,
): Promise<Outcome> {
  const { parts, speaker } = hearing
  if (given.sure === 'no') return say('OK, every level stays as it is.')
  const wrong = unfitForAll(level, said, given)
  if (wrong) return wrong
  const marked = await markedPositions(parts, speaker.accountId)
  if (marked.length === 0) return nothingOpen([], exampleSymbol(parts.market))
  const looked = marked.map((one) => look(one, level, onlyTighter))
  const fit = looked.filter((one): one is Fit => 'line' in one)
  const unfit = looked.filter((one): one is Unfit => 'why' in one)
  if (fit.length === 0) return noneFits(said, unfit)
  if (given.sure !== 'yes' || !fit.every((one) => isAsShown(one, level, shown)))
    return ask(fit, unfit, said, given, shown !== undefined && given.sure === 'yes')
  const replies: Reply[] = []
  const { accountId, memberId, conversationId } = speaker
  for (const { position } of fit) {
    const who = { accountId, memberId, conversationId, symbol: position.symbol }
    const done = await protectPosition(parts, { ...who, levels: [level], onlyTighter })
    if (done instanceof Refusal) replies.push({ text: done.beside })
    else {
      await announcePosition(parts, done.positionId)
      replies.push(...repliesOf(done.told))
    }
  }
  return { replies: [...replies, ...unfit.map((one) => ({ text: withoutText(one) }))] }
}

/** A price in dollars, a part, or a symbol does not go with every position. */
function unfitForAll(level: WantedLevel, said: string, given: Given): Refusal | undefined {
  const isPrice = level.at === 'price' || (level.at === 'trail' && 'dollars' in level)
  const beside = given.symbol ?? given.symbols ?? given.part
  if (!isPrice && beside === undefined) return undefined
  const sentence = isPrice
    ? `\`${said}\` is an amount in dollars, and one does not fit several positions.`
    : `That is about ${beside}, and about everything.`
  return new Refusal(
    'LEVEL_OF_SEVERAL',
    `${sentence} Nothing was done.`,
    'A percentage fits them all, such as `stop 5% on everything`',
  )
}

function look({ position, quote, protection }: Marked, level: WantedLevel, onlyTighter?: boolean): Fit | Unfit {
  const { symbol, signedQuantity } = position
  const unusable = noPrice(quote)
  if (!quote || unusable) return { symbol, why: unusable ?? 'no price' }
  const wanted = levelOf(position, level, quote)
  const against = (wanted.trail && outOfRange(wanted.trail, quote)) ?? reasonAgainstLevel(position, wanted, quote)
  if (against) return { symbol, why: reasonIn(against) }
  const before: ProtectiveOrder | undefined = protection?.[level.kind]
  if (onlyTighter && before && !isTighter(signedQuantity, wanted.price, before.price))
    return { symbol, why: `its stop at ${priceText(before.price)} saves as much, or more` }
  const was = before ? `, before: ${priceText(before.price)}${trailsText(before)}` : ''
  const now = `${priceText(wanted.price)} (${awayText(wanted.price, quote.last)})`
  return { position, price: wanted.price, line: `${positionText(position)} · ${level.kind} ${now}${was}` }
}

/** Is it the shown position, with the shown level? A level that trails is measured from the price of the moment. */
function isAsShown({ position, price }: Fit, { at }: WantedLevel, shown: EverywhereState | undefined): boolean {
  const before = shown?.levels.find(({ id }) => id === position.id)
  if (!before || before.signedQuantity.times(position.signedQuantity).lte(0)) return false
  return at === 'trail' || before.price.eq(price)
}

function ask(fit: Fit[], unfit: Unfit[], said: string, given: Given, isChanged: boolean): Ask {
  const text = [
    ...(isChanged ? ['⚠️ The positions changed meanwhile.'] : []),
    `🎯 ${said.toUpperCase()} ON EVERYTHING? ${fit.length} position${fit.length === 1 ? '' : 's'}`,
    ...fit.map(({ line }) => line),
    ...unfit.map(withoutText),
    numbered(['YES - Set all of these', 'NO - Leave them']),
    '',
    '💡 Reply with 1 or 2',
  ].join('\n')
  const choices = [
    { value: 'yes', label: 'YES', aliases: ['y', 'ok'] },
    { value: 'no', label: 'NO', aliases: ['n'] },
  ]
  const levels = fit.map(({ position: { id, signedQuantity }, price }) => ({ id, signedQuantity, price }))
  const { sure: _, ...rest } = given
  return { ...choose('sure', 'Set all of these?', text, choices, rest), state: shownOf(levels) }
}

/** The state of a question about these levels. */
export function shownOf(levels: EverywhereState['levels']): EverywhereState {
  return { flow: 'levels everywhere', v: 1, levels }
}

const withoutText = ({ symbol, why }: Unfit) => `⚠️ Without ${symbol}: ${why}`

/** The sentence of a refusal, to use within another sentence. */
const reasonIn = ({ text }: Refusal) =>
  text
    .split('\n')[0]!
    .replace(/^⚠️ /, '')
    .replace(/\.? Nothing was done\.$/, '')

/** `stop off on everything` is no wish of everybody who says it: an account without stops is not made by one word. */
export function offOfSeveral(kind: string): Refusal {
  const sentence = 'Levels are taken away from one position at a time. Nothing was done.'
  return new Refusal('LEVEL_OF_SEVERAL', sentence, `\`${kind} SYMBOL off\``)
}

function noneFits(said: string, unfit: Unfit[]): Refusal {
  const reasons = unfit.map(({ symbol, why }) => `${symbol} (${why})`).join(', ')
  return new Refusal(
    'NOTHING_TO_PROTECT',
    `No position can have \`${said}\` now: ${reasons}. Nothing was done.`,
    '`positions` shows what is open',
  )
}
