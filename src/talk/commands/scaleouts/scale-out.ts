import type { Big } from '../../../base/amounts.ts'
import { quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { heldBy } from '../../../trading/orders/held.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { positionText } from '../../../trading/positions/rules/describe.ts'
import { alreadyRunning } from '../../../trading/scaleouts/begin.ts'
import { runningScaleout } from '../../../trading/scaleouts/rows/scaleouts.ts'
import type { Speed } from '../../../trading/scaleouts/rules/scaleout-plan.ts'
import { startScaleout } from '../../../trading/scaleouts/start-scaleout.ts'
import { restated } from '../../language/restate.ts'
import type { Given } from '../../language/slots.ts'
import { repliesOf } from '../../wording/index.ts'
import { boundText } from '../../wording/scaleout-terms.ts'
import { type Ask, type Command, type Hearing, type Outcome, say } from '../command.ts'
import { instrumentMeant } from '../instrument-meant.ts'
import { partOf } from '../quantity.ts'
import type { SlotValues } from '../slot-values.ts'
import { notTraded, positionMeant } from '../symbol.ts'
import { unlessHalted } from '../unless-halted.ts'
import { withCustomTerms } from './answered-terms.ts'
import { askCustom, custom } from './custom-terms.ts'
import { pastTheClose, type Terms, termOptions, termsOf, wrongSide } from './own-terms.ts'
import { clippedOf, isHeld, notAllOf, scaleOutSeveral, severalMeant } from './scale-out-several.ts'
import {
  askSpeed,
  atMost,
  isAnother,
  plainSpeeds,
  type ScaleoutState,
  scaleoutState,
  shownOf,
  speeds,
} from './scaleout-prompt.ts'

/** The next step of a scaleout: a question, or the speed. */
export function nextOfScaleout(
  position: Position,
  quantity: Big,
  { words }: SlotValues,
  terms: Terms,
  clipped?: string,
): Ask | Speed {
  return terms.speed ?? askSpeedOf(position, quantity, words, terms, { clipped })
}

/** Asks for the speed, and stores the shown position and quantity. */
function askSpeedOf(
  position: Position,
  quantity: Big,
  { speed, ...given }: Given,
  terms: Terms,
  { offered, because = [], clipped }: { offered?: Speed[]; because?: string[]; clipped?: string } = {},
): Ask {
  const about = [...because, ...aboutIt(position, quantity, clipped), ...termLines(terms)]
  const known = { ...given, symbol: position.symbol }
  const asked = speed === custom ? askCustom(about, known) : askSpeed(about, known, { offered, own: terms.own })
  return { ...asked, state: shownOf([{ position, quantity }]) }
}

function aboutIt(position: Position, quantity: Big, clipped?: string): string[] {
  return [
    `Position: ${positionText(position)}`,
    ...(quantity.eq(position.signedQuantity.abs()) ? [] : [`Quantity: ${clipped ?? quantityText(quantity)}`]),
  ]
}

/** The bound in a line of the question; the chunks stand beside the speeds. */
const termLines = ({ bound }: Terms) => (bound ? [`With a ${boundText(bound.kind, bound.price)}`] : [])

export const scaleOut: Command = {
  name: 'scaleout',
  aliases: ['scale out', 'scale-out', 'so'],
  phrases: [
    {
      full: `scale out, scale me out, scale it out, scaling out, scale-out, work me out, ease me out, leg out,
        sell gradually, drip out, feed out, start scaleout, start scaling out, begin scaleout,
        scale out gradually, sell chunks, sell in chunks, do scaleout, run scaleout, make scaleout`,
      thin: 'work out, ease out, wind down, unwind',
    },
  ],
  description: 'Sell a position in chunks over time',
  category: 'Exits',
  position: 70,
  effect: 'trades',
  exits: 'always',
  ofPosition: true,
  restate: (given) => restated('scale out', given),
  usage:
    'scaleout [SYMBOL …| all] [fast|medium|slow|smart | over 2h | by 3pm] [in 20 chunks] [floor PRICE] [QTY | half | 30%]',
  example: 'scaleout BYND fast half',
  detail:
    'Sells a long position, or buys back a short one, in chunks: their sizes are even, their times random. It posts every fill here. Asks for the speed unless you say it. Without a quantity: all of it. `smart` sizes and times the chunks by the volume that is usual at this time of day and by volatility, and trades later and less while the spread is wide. Instead of a speed: `over 2 hours`, or `by 3pm` for its end. `in 20 chunks` sets their number. CUSTOM in the question asks for such terms. `floor .60` lets chunks wait while the bid is below it (`cap 1.20` for a short one, while the ask is above), until the time is over; what is left then stays. `scaleout all`, here or in any thread, is about every open position; `scaleout BYND AMD` about these: one message tells how far they are, and one the total. One scaleout a position; `cancel scaleout` ends it, `tasks` shows how far it is.',
  needs: 'trader',
  account: 'changes',
  options: [
    { name: 'symbol', type: 'symbol', description: 'Which position, several, or all', several: true },
    { name: 'speed', type: 'choice', choices: [...speeds, custom], description: 'How fast' },
    { name: 'quantity', type: 'quantity', description: 'How many, half; else all' },
    ...termOptions,
  ],
  asks: ({ speed, length, deadline }) => speed === custom || (speed ?? length ?? deadline) === undefined,
  state: scaleoutState,
  async run(hearing, slots, shown?: ScaleoutState) {
    if (slots.words.go === 'no') return say('OK, never mind. Nothing was done.')
    const several = await severalMeant(hearing, slots)
    if (several instanceof Refusal) return several
    return several.length > 1
      ? scaleOutSeveral(hearing, several, slots, shown)
      : scaleOutOne(hearing, several.length === 1 ? withSymbol(slots, several[0]!) : slots, shown)
  },
}

const withSymbol = (slots: SlotValues, symbol: string): SlotValues => ({
  ...slots,
  symbol,
  words: { ...slots.words, symbol },
})

async function scaleOutOne(hearing: Hearing, said: SlotValues, state?: ScaleoutState): Promise<Outcome> {
  const { parts, speaker, inboundId } = hearing
  const position = await positionMeant(hearing, said)
  if (position instanceof Refusal || 'ask' in position) return position
  const shown = state?.positions[0]
  if (isAnother(position, shown)) {
    const { speed: _, terms: __, ...rest } = said.words
    return scaleOutOne(hearing, { ...said, words: rest, speed: undefined, terms: undefined })
  }
  const slots = withCustomTerms(said, parts.market)
  if (slots instanceof Refusal) return slots
  const { words: given } = slots
  if (await runningScaleout(parts.db, position.id)) return alreadyRunning(position.symbol)
  const instrument = await instrumentMeant(parts, position.accountId, position.symbol, slots, { isOfAll: true })
  if (!instrument) return notTraded(position.symbol, parts.market.name)
  const wanted = partOf(slots, instrument)
  if (wanted instanceof Refusal) return wanted
  const part = atMost(wanted, shown)
  const quantity = part(position)
  if (quantity instanceof Refusal) return isHeld(position, quantity) ? heldBy(parts.db, position) : quantity
  if (quantity.gt(position.signedQuantity.abs())) {
    const open = quantityText(position.signedQuantity)
    return new Refusal(
      'QUANTITY_EXCEEDS_POSITION',
      `${quantityText(quantity)} is more than the ${open} ${position.symbol} that are open.`,
      'Leave the quantity out to scale out of everything',
    )
  }
  if (isHeld(position, quantity)) return heldBy(parts.db, position)
  const clipped = await clippedOf(parts.db, position, quantity)
  const terms = await termsOf(hearing, slots, [position.symbol])
  if (terms instanceof Refusal) return terms
  const unfit =
    (terms.bound && wrongSide(position, terms.bound)) ?? (await pastTheClose(hearing, terms, [position.symbol]))
  if (unfit) return unfit
  const speed = nextOfScaleout(position, quantity, slots, terms, clipped)
  if (typeof speed !== 'string') return unlessHalted(hearing, speed)
  const started = await startScaleout(parts, {
    accountId: speaker.accountId,
    memberId: speaker.memberId,
    conversationId: speaker.conversationId,
    symbol: position.symbol,
    ...terms,
    speed,
    seed: Math.floor(Math.random() * 2 ** 31),
    inboundId,
    quantity: part,
  })
  const notAll = clipped && !shown ? [notAllOf(clipped)] : []
  if (!(started instanceof Refusal)) return { replies: [...repliesOf(started), ...notAll] }
  if (started.code !== 'NO_VOLUME_HISTORY' || given.unasked !== undefined) return started
  const because = [started.text.split('\n')[0]!]
  return askSpeedOf(position, quantity, given, terms, { offered: plainSpeeds, because, clipped })
}
