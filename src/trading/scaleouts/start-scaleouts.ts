import { Refusal } from '../../base/refusal.ts'
import type { Trx } from '../../infra/db/client.ts'
import { refusedWhileHalted } from '../accounts/halted.ts'
import { noteActed } from '../accounts/rows/audit.ts'
import { queueNotice } from '../events/queue-notice.ts'
import type { QueuedNotice } from '../notice.ts'
import { type Parts, wakeChunk, wakeReplies } from '../parts.ts'
import { lockPosition } from '../positions/rows/positions.ts'
import { type BegunScaleout, beginScaleout, type Look, lookAt, noPosition, type Wanted } from './begin.ts'
import { announceGroup, saveGroup } from './rows/scaleout-groups.ts'
import type { OwnTerms } from './rules/own-plan.ts'
import type { Speed } from './rules/scaleout-plan.ts'

/** A request to sell several positions over time, together. */
export interface StartScaleouts {
  accountId: number
  memberId: number
  conversationId: number
  speed: Speed
  own?: OwnTerms
  /** The seed of the plans; each further position uses the next number. */
  seed: number
  inboundId?: string
  positions: { id: number; symbol: string; quantity: Wanted['quantity'] }[]
}

/** Rolls the transaction back when one of the scaleouts is refused, so that none starts. */
class NotStarted extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal.code)
    this.name = 'NotStarted'
    this.refusal = refusal
  }
}

/** Draws and saves a plan for each of the positions, or for none, in one transaction. Returns their one announcement. */
export async function startScaleouts(parts: Parts, request: StartScaleouts): Promise<QueuedNotice[] | Refusal> {
  const inOrder = request.positions.toSorted((a, b) => a.id - b.id)
  const looks = await Promise.all(inOrder.map(({ symbol }) => lookAt(parts, request.accountId, symbol, request.speed)))
  try {
    const { begun, announcement } = await parts.db
      .transaction()
      .execute((trx) => beginAll(trx, parts, { ...request, positions: inOrder }, looks))
    for (const { first } of begun) await wakeChunk(parts, first)
    await wakeReplies(
      parts,
      begun.flatMap(({ watching }) => watching),
    )
    return [announcement]
  } catch (cause) {
    if (cause instanceof NotStarted) return cause.refusal
    throw cause
  }
}

async function beginAll(trx: Trx, parts: Parts, request: StartScaleouts, looks: Look[]) {
  const { accountId, conversationId, speed, own, positions } = request
  const lengthMs = own?.lengthMs
  const at = parts.clock.now()
  const halted = await refusedWhileHalted(trx, accountId)
  if (halted) throw new NotStarted(halted)
  const locked = []
  for (const { id } of positions) locked.push(await lockPosition(trx, id))
  const groupId = await saveGroup(trx, { accountId, conversationId, speed, lengthMs }, at)
  const begun: BegunScaleout[] = []
  for (const [index, { symbol, quantity }] of positions.entries()) {
    const position = locked[index]!
    if (position.accountId !== accountId || position.signedQuantity.eq(0)) throw new NotStarted(noPosition(symbol))
    const wanted = { ...request, seed: (request.seed + index) % 2 ** 31, quantity, groupId }
    const one = await beginScaleout(trx, parts, position, wanted, looks[index]!)
    if (one instanceof Refusal) throw new NotStarted(one)
    begun.push(one)
  }
  if (request.inboundId) await noteActed(trx, request.inboundId, at)
  const group = { speed, lengthMs, scaleouts: begun.map(({ scaleout }) => scaleout) }
  const to = { conversationId, accountId, at }
  const announcement = await queueNotice(trx, parts, to, { kind: 'scaleouts.started', group }, 'door')
  await announceGroup(trx, groupId, announcement.row)
  return { begun, announcement }
}
