import type { Big } from '../../../base/amounts.ts'
import { durationText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { Db } from '../../../infra/db/client.ts'
import { noPrice } from '../../../trading/orders/fresh-price.ts'
import { clippedText, heldBy } from '../../../trading/orders/held.ts'
import { availableQuantity, openPositions, type Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { runningScaleout } from '../../../trading/scaleouts/rows/scaleouts.ts'
import type { Speed } from '../../../trading/scaleouts/rules/scaleout-plan.ts'
import { startScaleout } from '../../../trading/scaleouts/start-scaleout.ts'
import { startScaleouts } from '../../../trading/scaleouts/start-scaleouts.ts'
import type { Reply } from '../../chat/reply.ts'
import { repliesTo } from '../../wording/index.ts'
import { type Ask, choose, type Hearing, numbered, type Outcome } from '../command.ts'
import { type Amount, partOf, saysAll } from '../quantity.ts'
import type { SlotValues } from '../slot-values.ts'
import { allKnown, exampleSymbol, nothingOpen } from '../symbol.ts'
import { unlessHalted } from '../unless-halted.ts'
import { withCustomTerms } from './answered-terms.ts'
import { askCustom, custom } from './custom-terms.ts'
import { pastTheClose, type Terms, termsOf } from './own-terms.ts'
import {
  askSpeed,
  atMost,
  isAnother,
  plainSpeeds,
  type ScaleoutState,
  type ShownPosition,
  shownOf,
  speeds,
} from './scaleout-prompt.ts'

/** A position that can be scaled out of, and the quantity. */
export interface Fit {
  position: Position
  quantity: Big
  /** What is free of it, and what holds the rest, if that makes the quantity smaller. */
  clipped?: string
}

/** A symbol that cannot be scaled out of, and the reason. */
export interface Unfit {
  symbol: string
  why: string
}

/** The symbols of a scaleout of several: the named ones, or those of all open positions. Empty when only one symbol is meant. */
export async function severalMeant({ parts, speaker }: Hearing, slots: SlotValues): Promise<string[] | Refusal> {
  const { symbols, symbol, quantity } = slots
  if (symbols !== undefined) return allKnown([...new Set(symbols)])
  const isAboutAll = saysAll(slots) && symbol === undefined && quantity === undefined
  if (!isAboutAll) return []
  const open = await openPositions(parts.db, speaker.accountId)
  return open.length > 0 ? open.map(({ symbol }) => symbol) : nothingOpen(open, exampleSymbol(parts.market))
}

/**
 * The next step of a scaleout of several: a question, or the speed. A question first names the symbols that are left out; the
 * answer is about the others.
 */
export function nextOfSeveral(
  fit: Fit[],
  unfit: Unfit[],
  { words }: Pick<SlotValues, 'words'>,
  { speed, own }: Terms,
  offered: Speed[] = speeds,
): Ask | Speed {
  const { go: _, ...rest } = words
  const agreed = { ...rest, symbols: fit.map(({ position }) => position.symbol).join(' ') }
  const state = shownOf(fit)
  const about = [`Positions: ${fit.length}`, ...fit.map(fitLine), ...unfit.map(withoutText)]
  if (!speed && words.speed === custom) return { ...askCustom(about, agreed), state }
  if (!speed) return { ...askSpeed(about, agreed, { offered, own }), state }
  if (unfit.length === 0) return speed
  const left = unfit.map(({ symbol }) => symbol).join(', ')
  const others = fit.length === 1 ? `${fit[0]!.position.symbol}` : `the other ${fit.length}`
  const lines = [
    `Yes - Scale out of ${others}, ${own?.lengthMs === undefined ? speed : `over ${durationText(own.lengthMs)}`}`,
    'No - Do nothing',
  ]
  const text = [
    '📉 INTERACTIVE SCALEOUT',
    ...about,
    '',
    `Go on without ${left}?`,
    numbered(lines),
    '',
    '💡 Reply with 1 or 2',
  ]
  const choices = [
    { value: 'yes', label: 'Yes', aliases: ['y', 'ok', 'go on'] },
    { value: 'no', label: 'No', aliases: ['n'] },
  ]
  const asked = choose('go', `Go on without ${left}?`.slice(0, 40), text.join('\n'), choices, agreed)
  return { ...asked, state }
}

function fitLine({ position, quantity, clipped }: Fit): string {
  const part = quantity.eq(position.signedQuantity.abs()) ? '' : `: ${clipped ?? `${quantityText(quantity)} of them`}`
  return `  ${positionText(position)}${part}`
}

/**
 * Asks for the speed, and for permission to leave out symbols that cannot be traded now. Then it starts all scaleouts or none.
 * A planned scaleout (`unasked`) asks nothing: it leaves such symbols out and names them.
 */
export async function scaleOutSeveral(
  hearing: Hearing,
  symbols: string[],
  said: SlotValues,
  shown?: ScaleoutState,
): Promise<Outcome> {
  const slots = withCustomTerms(said, hearing.parts.market)
  if (slots instanceof Refusal) return slots
  if (slots.quantity !== undefined) return noQuantityOfSeveral
  const terms = await termsOf(hearing, slots, symbols)
  if (terms instanceof Refusal) return terms
  const closed = await pastTheClose(hearing, terms, symbols)
  if (closed) return closed
  if (slots.share instanceof Refusal) return slots.share
  const { fit, unfit, wrong } = await sorted(hearing, symbols, slots, shown)
  if (wrong) return wrong
  if (fit.some(({ position }) => isAnother(position, shownIn(shown, position.symbol)))) {
    // With a length of its own there is no question to ask again.
    if (terms.own?.lengthMs !== undefined) return positionChanged
    const { speed: _, go: __, ...words } = slots.words
    return scaleOutSeveral(hearing, symbols, { ...slots, words, speed: undefined })
  }
  if (fit.length === 0) return noneFits(unfit)
  const isUnasked = slots.words.unasked !== undefined
  const speed = nextOfSeveral(fit, isUnasked ? [] : unfit, slots, terms)
  if (typeof speed !== 'string') return unlessHalted(hearing, speed)
  const started = await start(hearing, fit, { ...terms, speed }, slots, shown)
  const notAll = shown ? [] : fit.flatMap(({ clipped }) => (clipped ? notAllOf(clipped) : []))
  if (!(started instanceof Refusal)) return { replies: [...unfit.map(leftOut), ...started, ...notAll] }
  if (started.code !== 'NO_VOLUME_HISTORY' || isUnasked) return started
  const { speed: _, ...words } = slots.words
  const asked = nextOfSeveral(fit, [], { words }, { own: terms.own }, plainSpeeds) as Ask
  return { ...asked, text: `${started.text.split('\n')[0]}\n\n${asked.text}` }
}

/** Starts the scaleouts. A single one starts as an ordinary scaleout. */
function start(
  hearing: Hearing,
  fit: Fit[],
  { speed, own }: Terms & { speed: Speed },
  slots: SlotValues,
  shown?: ScaleoutState,
): Promise<Reply[] | Refusal> {
  const { parts, speaker, inboundId } = hearing
  const { accountId, memberId, conversationId } = speaker
  const seed = Math.floor(Math.random() * 2 ** 31)
  const wanted = { accountId, memberId, conversationId, speed, own, seed, inboundId }
  const positions = fit.map(({ position: { id, symbol } }) => ({
    id,
    symbol,
    quantity: quantityOf(hearing, symbol, slots, shown),
  }))
  const [only, ...others] = positions
  return repliesTo(
    only && others.length === 0
      ? startScaleout(parts, { ...wanted, ...only })
      : startScaleouts(parts, { ...wanted, positions }),
  )
}

/** Do working orders hold so much of a position that this quantity is not free, or nothing is? */
export function isHeld(position: Position, quantity: Big | Refusal): boolean {
  if (position.restingQuantity.eq(0)) return false
  const free = availableQuantity(position)
  return quantity instanceof Refusal ? free.eq(0) : quantity.gt(free)
}

/** What is free, and what holds the rest, where a scaleout takes all that is free and no more; undefined elsewhere. */
export async function clippedOf(db: Db, position: Position, quantity: Big): Promise<string | undefined> {
  const isAllFree = position.restingQuantity.gt(0) && quantity.eq(availableQuantity(position))
  return isAllFree ? clippedText(db, position, quantity) : undefined
}

/** The remark about a scaleout of what is free. */
export const notAllOf = (clipped: string): Reply => ({ text: `⚠️ Not all of it: ${clipped}.` })

const withoutText = ({ symbol, why }: Unfit) => `⚠️ Without ${symbol}: ${why}`
const leftOut = (one: Unfit): Reply => ({ text: withoutText(one) })

/** Sorts the symbols into those that can be scaled out of now and those that cannot. */
async function sorted(hearing: Hearing, symbols: string[], slots: SlotValues, shown?: ScaleoutState) {
  const { parts, speaker } = hearing
  const open = await openPositions(parts.db, speaker.accountId)
  const fit: Fit[] = []
  const unfit: Unfit[] = []
  for (const symbol of symbols) {
    const position = open.find((one) => one.symbol === symbol)
    const why = position ? await whyNot(hearing, position) : 'no open position'
    if (!position || why) {
      unfit.push({ symbol, why: why! })
      continue
    }
    const quantity = quantityOf(hearing, symbol, slots, shown)(position)
    if (quantity instanceof Refusal && quantity.code === 'FRACTION_OUT_OF_RANGE') return { fit, unfit, wrong: quantity }
    const wrong = isHeld(position, quantity) ? await heldBy(parts.db, position) : quantity
    if (wrong instanceof Refusal) unfit.push({ symbol, why: reasonIn(wrong) })
    else fit.push({ position, quantity: wrong, clipped: await clippedOf(parts.db, position, wrong) })
  }
  return { fit, unfit }
}

async function whyNot({ parts }: Hearing, position: Position): Promise<string | undefined> {
  if (await runningScaleout(parts.db, position.id)) return 'a scaleout runs already'
  if (!parts.market.instrument(position.symbol)) return `the market in use (${parts.market.name}) does not have it`
  return noPrice(await parts.market.quote(position.symbol))
}

function quantityOf(
  { parts }: Hearing,
  symbol: string,
  slots: Amount,
  shown?: ScaleoutState,
): (position: Position) => Big | Refusal {
  const part = partOf(slots, parts.market.instrument(symbol)!)
  return part instanceof Refusal ? () => part : atMost(part, shownIn(shown, symbol))
}

/** The shown position of a symbol, if the question was about it. */
function shownIn(shown: ScaleoutState | undefined, symbol: string): ShownPosition | undefined {
  return shown?.positions.find((one) => one.symbol === symbol)
}

/** The sentence of a refusal, to use within another sentence. */
const reasonIn = ({ text }: Refusal) => text.split('\n')[0]!.replace(/^⚠️ /, '').replace(/\.$/, '')

const noQuantityOfSeveral = new Refusal(
  'QUANTITY_OF_SEVERAL',
  'One quantity does not fit several positions. Nothing was done.',
  'Say a share such as half or 30%, or nothing for all of each',
)

const positionChanged = new Refusal(
  'POSITION_CHANGED',
  'A position is another one than the question showed. Nothing was started.',
  'Look at `positions`, and say it again',
)

function noneFits(unfit: Unfit[]): Refusal {
  const reasons = unfit.map(({ symbol, why }) => `${symbol} (${why})`).join(', ')
  return new Refusal(
    'NOTHING_TO_SCALE_OUT',
    `None of them can be scaled out now: ${reasons}. Nothing was done.`,
    '`positions` shows what is open',
  )
}
