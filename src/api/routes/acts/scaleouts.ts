import { Refusal } from '../../../base/refusal.ts'
import { partOf, priceFrom } from '../../../talk/commands/quantity.ts'
import { pastTheClose, termsOf } from '../../../talk/commands/scaleouts/own-terms.ts'
import { tradedBy } from '../../../trading/orders/traded.ts'
import { cancelRunning } from '../../../trading/scaleouts/cancel-running.ts'
import { listScaleouts } from '../../../trading/scaleouts/rows/scaleout-list.ts'
import { startScaleout } from '../../../trading/scaleouts/start-scaleout.ts'
import { speakerOf } from '../carry-out.ts'
import type { Handlers } from '../context.ts'
import { scaleoutItem } from '../reads/scaleout-item.ts'
import { ownScaleout } from '../reads/scaleouts.ts'
import { amountOf } from './close.ts'
import { positionNamed } from './position-named.ts'
import { tell } from './tell.ts'

const minuteMs = 60_000

export const scaleoutActs: Pick<Handlers, 'startScaleout' | 'cancelScaleout'> = {
  async startScaleout(context, { body }) {
    const { parts, accountId, inboundId } = context
    const named = await positionNamed(context, body.symbol, body.position)
    if (named instanceof Refusal) return named
    const { instrument, who } = named
    const amount = amountOf(body)
    const quantity =
      amount === 'all' ? partOf({}, instrument) : partOf(amount, await tradedBy(parts, accountId, instrument))
    if (quantity instanceof Refusal) return quantity
    const said = { parts, speaker: speakerOf(context) }
    const terms = await termsOf(said, { words: {}, ...wordsOf(body) }, [who.symbol])
    if (terms instanceof Refusal) return terms
    const past = await pastTheClose(said, terms, [who.symbol])
    if (past) return past
    const { speed, own, bound } = terms
    const started = await startScaleout(parts, {
      ...who,
      ...{ speed: speed!, own, bound, inboundId, quantity },
      seed: Math.floor(Math.random() * 2 ** 31),
    })
    if (started instanceof Refusal) return started
    const ids = started.flatMap(({ notice }) => (notice.kind === 'scaleout.started' ? [notice.scaleout.id] : []))
    const [one] = await listScaleouts(parts.db, [accountId], { id: ids[0] ?? 0, most: 1 })
    return { ...(await tell(context, started)), scaleout: one ? scaleoutItem(one) : null }
  },
  async cancelScaleout(context, { params }) {
    const one = await ownScaleout(context, params.id)
    if (one instanceof Refusal) return one
    const told = await cancelRunning(context.parts, one, one.conversationId)
    return told ? tell(context, [told]) : new Refusal('NO_SCALEOUT', `The scaleout of ${one.symbol} is over already.`)
  },
}

/** The terms of a request, as the words of chat would give them. */
function wordsOf({ speed, minutes, chunks, floor, cap }: Parameters<Handlers['startScaleout']>[1]['body']) {
  return {
    speed,
    chunks,
    ...(minutes !== undefined && { length: minutes * minuteMs }),
    ...(floor !== undefined && { floor: priceFrom(floor) }),
    ...(cap !== undefined && { cap: priceFrom(cap) }),
  }
}
