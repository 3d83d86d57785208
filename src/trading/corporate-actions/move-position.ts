import type { Trx } from '../../infra/db/client.ts'
import type { Parts } from '../parts.ts'
import { keepAdjustment } from '../positions/rows/position-adjustments.ts'
import { lockPosition, type Position, savePosition } from '../positions/rows/positions.ts'
import { averageEntryPrice } from '../positions/rules/position.ts'
import { cancelPartLevels, type PartLevel, setPartLevel } from '../protection/rows/part-levels.ts'
import { lockProtection, type Protection, setProtectiveOrder } from '../protection/rows/protective-orders.ts'
import { cancelScaleout } from '../scaleouts/cancel-scaleout.ts'
import { showProgress } from '../scaleouts/progress.ts'
import type { Chunk } from '../scaleouts/rows/chunks.ts'
import { lockWaitingChunks, renamePosition, rescaleScaleout, rescaleWatch } from '../scaleouts/rows/rescale.ts'
import { lockRunningScaleout, type Scaleout } from '../scaleouts/rows/scaleouts.ts'
import type { ThreadChange } from './change.ts'
import type { Terms } from './place-anew.ts'
import type { CorporateAction } from './rows/corporate-actions.ts'
import { becauseOf } from './rules/describe.ts'
import {
  isUnchanged,
  priceOfNewUnit,
  splitBestPrice,
  splitDistance,
  splitHolding,
  splitLevel,
  wholeLots,
} from './rules/split.ts'
import { splitChunks, splitScaleout } from './rules/split-scaleout.ts'

/** A position after an action, with the changes to tell. */
export interface MovedPosition {
  position: Position
  told: ThreadChange[]
  /** More conversations with new replies. */
  conversations: number[]
  /** The next due chunk of the scaleout. */
  next?: Chunk
}

/**
 * Moves a locked position that no order takes from: its quantity and cost, its levels, its mark, and its running scaleout.
 * Levels become new orders, so that nobody acts on what was seen of the old ones. Fractions are paid out, at their cost when
 * there is no price for them.
 */
export async function movePosition(
  trx: Trx,
  parts: Pick<Parts, 'wording' | 'notices'>,
  action: CorporateAction,
  before: Position,
  { ratio, instrument }: Terms,
  at: Date,
): Promise<MovedPosition> {
  const { lot, tick, symbol } = instrument
  const scaleout = await lockRunningScaleout(trx, before.id)
  const waiting = scaleout ? await lockWaitingChunks(trx, scaleout.id) : []
  const protection = await lockProtection(trx, before.id)
  const cashPrice = action.cashPrice ?? priceOfNewUnit(averageEntryPrice(before), ratio)
  const { holding, paidOut } = splitHolding(before, ratio, lot, cashPrice)
  const position = { ...(await savePosition(trx, before, holding, at)), symbol }
  if (symbol !== before.symbol) await renamePosition(trx, before.id, symbol)
  await keepAdjustment(
    trx,
    {
      actionId: action.id,
      positionId: before.id,
      accountId: before.accountId,
      before,
      after: { ...holding, symbol },
      paidOut,
    },
    at,
  )
  const levels = await moveLevels()
  await rescaleWatch(trx, position, ratio, protection, levels)
  const told: ThreadChange[] = []
  const { conversationId } = before
  const change = { kind: 'position' as const, before, after: position, paidOut }
  if (conversationId !== null)
    told.push({ conversationId, change: { ...change, levels: { before: protection, after: levels } } })
  const scaled = scaleout && (await moveScaleout(scaleout))
  if (scaled) told.push(...scaled.told)
  return {
    // Setting levels has raised the position's version.
    position: await lockPosition(trx, before.id),
    told,
    conversations: scaled?.conversations ?? [],
    next: scaled?.next,
  }

  async function moveLevels(): Promise<Protection> {
    const after: Protection = {}
    if (position.signedQuantity.eq(0)) return after
    for (const kind of ['stop', 'target'] as const) {
      const level = protection[kind]
      if (!level) continue
      const { signedQuantity } = before
      const trail = level.trail && {
        ...level.trail,
        ...(level.trail.dollars && { dollars: splitDistance(level.trail.dollars, ratio) }),
        bestPrice: splitBestPrice(signedQuantity, level.trail.bestPrice, ratio, tick),
      }
      const price = splitLevel(kind, signedQuantity, level.price, ratio, tick)
      after[kind] = await setProtectiveOrder(trx, position, { ...level, price, trail }, at)
    }
    after.parts = await moveParts(protection.parts ?? [])
    return after
  }

  /** Parts keep their share of the position, in whole lots; one of less than a lot ends. Parts that get the same price join. */
  async function moveParts(parts: PartLevel[]): Promise<PartLevel[]> {
    await cancelPartLevels(trx, before.id, parts, becauseOf(action), at)
    const joined: PartLevel[] = []
    for (const level of parts) {
      const price = splitLevel(level.kind, before.signedQuantity, level.price, ratio, tick)
      const quantity = wholeLots(level.quantity, ratio, lot)
      const same = joined.findIndex((one) => one.kind === level.kind && one.price.eq(price))
      if (same >= 0) joined[same] = { ...joined[same]!, quantity: joined[same]!.quantity.plus(quantity) }
      else if (quantity.gt(0)) joined.push({ ...level, price, quantity })
    }
    const moved: PartLevel[] = []
    for (const level of joined) moved.push(await setPartLevel(trx, position, level, at))
    return moved
  }

  async function moveScaleout(running: Scaleout): Promise<Omit<MovedPosition, 'position'>> {
    const { totalQuantity, soldQuantity, decisionPrice, smart, bound } = running
    const prices = { decisionPrice, usualSpread: smart?.usualSpread, boundPrice: bound?.price }
    const amounts = { totalQuantity, soldQuantity, ...prices }
    const { rest, usualSpread, boundPrice, ...now } = splitScaleout(amounts, ratio, lot, position.signedQuantity.abs())
    const plan = splitChunks(
      waiting.map((chunk) => chunk.quantity.minus(chunk.soldQuantity)),
      rest,
      lot,
    )
    if (plan.length === 0) {
      const because = position.signedQuantity.eq(0)
        ? 'the position is closed'
        : `${becauseOf(action)}, and no whole lot is left`
      return {
        told: [],
        conversations: (await cancelScaleout(trx, parts, running, position, because, at)).conversations,
      }
    }
    const chunkCount = waiting[plan.length - 1]!.number
    const moved: Scaleout = {
      ...running,
      ...now,
      symbol,
      chunkCount,
      smart: smart && usualSpread && { ...smart, usualSpread },
      bound: bound && boundPrice && { ...bound, price: boundPrice },
    }
    const kept = await rescaleScaleout(trx, moved, waiting, plan, ratio)
    const conversations = [...(await showProgress(trx, parts, moved, at)), moved.conversationId]
    const change = {
      kind: 'scaleout' as const,
      before: { quantity: totalQuantity.minus(soldQuantity), chunks: waiting.length },
      after: { quantity: rest, chunks: kept.length },
    }
    const { conversationId } = moved
    return { told: isUnchanged(ratio) ? [] : [{ conversationId, change }], conversations, next: kept[0] }
  }
}
