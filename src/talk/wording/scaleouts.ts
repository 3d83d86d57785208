import { Big, zero } from '../../base/amounts.ts'
import {
  averageText,
  durationText,
  percentText,
  priceText,
  profitText,
  progressText,
  quantityText,
} from '../../base/format.ts'
import type { Position } from '../../trading/positions/rows/positions.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import { averageEntryPrice } from '../../trading/positions/rules/position.ts'
import type { Filled, ScaleoutNotice } from '../../trading/scaleouts/notices.ts'
import type { Scaleout } from '../../trading/scaleouts/rows/scaleouts.ts'
import { boundOf } from '../../trading/scaleouts/rules/bound.ts'
import type { PlannedPace } from '../../trading/scaleouts/rules/own-plan.ts'
import { remainingOf } from '../../trading/scaleouts/rules/remaining.ts'
import { paces } from '../../trading/scaleouts/rules/scaleout-plan.ts'
import { becauseText } from './because.ts'
import { cancelledText, rejectedText } from './orders.ts'
import { scaleoutGroupWording } from './scaleout-groups.ts'
import { boundText, paceName } from './scaleout-terms.ts'
import { shortfallText } from './shortfall.ts'
import type { WordingOf } from './wording-of.ts'

export const scaleoutWording: WordingOf<ScaleoutNotice> = {
  'scaleout.started': ({ scaleout, position, pace }) => ({
    text: [
      `🔄 SCALEOUT INITIATED - ${scaleout.symbol}`,
      `Mode: ${modeText(scaleout, pace)}`,
      `Total Quantity: ${quantityText(scaleout.totalQuantity)}`,
      `Chunks: ${scaleout.chunkCount}`,
      `Entry: ${averageText(averageEntryPrice(position))}`,
      ...boundLines(scaleout),
      '💡 Progress updates will appear automatically',
    ].join('\n'),
    thread: `${scaleout.symbol} scaleout`,
  }),

  'scaleout.updated': ({ scaleout, announced }) => {
    const bar = progressText(scaleout.doneChunks, scaleout.chunkCount)
    const state = scaleout.state === 'running' ? '' : ` ${scaleout.state.toUpperCase()}`
    return `${announced}\n${bar}${state}`
  },

  'scaleout.chunk_traded': ({ scaleout, position, chunk, filled, leaves, isLate }) => {
    const isTraded = filled.quantity.gt(0)
    const traded = isTraded
      ? `${done(scaleout)} ${quantityText(filled.quantity)} ${scaleout.symbol} @ ${priceOf(filled)}`
      : `nothing of ${scaleout.symbol} ${done(scaleout).toLowerCase()} yet`
    const rest = leaves && !isLate ? `, ${quantityText(leaves)} go to the next ones` : ''
    return [
      `${isTraded ? '✓' : '⏳'} Chunk ${chunk.number}/${scaleout.chunkCount}: ${traded}${rest}`,
      `P&L: ${profitText(filled.realizedPnl)} | Remaining: ${quantityText(remainingOf(scaleout, position))} | Total P&L: ${profitText(scaleout.realizedPnl)}`,
      ...(isLate ? ['⚠️ The venue tells of it late: the order had ended'] : []),
    ].join('\n')
  },

  // The venue refused the order, cancelled it, or never had it.
  'scaleout.chunk_untraded': ({ order, position, words }) => {
    if (order.state === 'refused') return rejectedText(order, words ?? 'it never got there', position)
    return order.venueOrderId === undefined
      ? rejectedText(order, 'it never got there', position)
      : cancelledText(order, order.cancelBecause ?? words)
  },

  'scaleout.paused': ({ scaleout, chunk, error, waitMs }) =>
    [
      `⚠️ SCALEOUT PAUSED - ${scaleout.symbol}`,
      `Chunk ${chunk.number}/${scaleout.chunkCount} did not go through: ${error}`,
      `It stays planned. Next try in ${durationText(waitMs)}.`,
    ].join('\n'),

  'scaleout.price_missing': ({ scaleout, chunk, because, isFrozen, isClosed }) =>
    [
      `⏸ SCALEOUT PAUSED - ${scaleout.symbol}`,
      `Chunk ${chunk.number}/${scaleout.chunkCount} waits${isFrozen || isClosed ? '' : ' for a price'}: ${because}`,
      `Nothing is sold meanwhile; it goes on by itself when ${isFrozen ? 'both agree' : isClosed ? 'it opens' : 'prices are back'}.`,
    ].join('\n'),

  'scaleout.beyond_bound': ({ scaleout, chunk, price }) =>
    [
      `⏳ Chunk ${chunk.number}/${scaleout.chunkCount} of ${scaleout.symbol} waits: the ${quoteSide(scaleout)} ${priceText(price)} is ${beyond(scaleout)} the ${boundText(boundOf(scaleout.side), scaleout.bound!.price)}`,
      'It goes on by itself when the price is back. What is left when its time is over stays.',
    ].join('\n'),

  'scaleout.completed': ({ scaleout, position, filled }) =>
    [
      `🎉 SCALEOUT COMPLETE - ${scaleout.symbol}`,
      `Final Chunk: ${quantityText(filled.quantity)} @ ${priceOf(filled)}`,
      ...(scaleout.soldQuantity.lt(scaleout.totalQuantity)
        ? [
            `${done(scaleout)} ${quantityText(scaleout.soldQuantity)} of ${quantityText(scaleout.totalQuantity)}: the rest was closed otherwise`,
          ]
        : []),
      `Total P&L: ${profitText(scaleout.realizedPnl)}`,
      `Position: ${positionText(position)}`,
      shortfallText(scaleout),
    ].join('\n'),

  'scaleout.stopped': ({ scaleout, position, error, unconfirmed }) =>
    [
      `🛑 SCALEOUT STOPPED - ${scaleout.symbol}`,
      `Three tries in a row failed: ${error}`,
      endedText(scaleout, position),
      ...(unconfirmed.gt(0)
        ? [
            `An order of ${quantityText(unconfirmed)} is not confirmed by the venue; the desk keeps asking and will say what became of it.`,
          ]
        : []),
      `💡 Type \`scaleout ${scaleout.symbol}\` to go on, or \`close ${scaleout.symbol}\``,
    ].join('\n'),

  'scaleout.cancelled': ({ scaleout, position, because, inFlight }) =>
    [
      `🛑 SCALEOUT CANCELLED - ${scaleout.symbol} (${becauseText(because)})`,
      endedText(scaleout, position),
      ...(inFlight.gt(0)
        ? [`An order for ${quantityText(inFlight)} is with the venue already; what becomes of it follows.`]
        : []),
    ].join('\n'),

  ...scaleoutGroupWording,
}

/** The mode with its duration: `FAST (1-3 minutes)`, `CUSTOM (2 h)`, `SMART (1 h, 5.00% of the expected volume)`. */
function modeText({ speed }: Scaleout, pace: PlannedPace): string {
  if (typeof pace === 'string') return `${speed.toUpperCase()} (${paces[pace].span})`
  if ('lengthMs' in pace) return paceName({ speed, ...pace })
  const share = percentText(new Big(pace.participation.toFixed(6))).slice(1)
  return `${speed.toUpperCase()} (${durationText(pace.horizonMs)}, ${share} of the expected volume)`
}

/** The floor or cap, and its effect. */
function boundLines({ side, bound }: Scaleout): string[] {
  if (!bound) return []
  const text = boundText(boundOf(side), bound.price)
  const waits = side === 'sell' ? 'while the bid is below it' : 'while the ask is above it'
  return [
    `${text.charAt(0).toUpperCase()}${text.slice(1)} - ${waits}, chunks wait; what is left when its time is over stays`,
  ]
}

const quoteSide = ({ side }: Scaleout) => (side === 'sell' ? 'bid' : 'ask')
const beyond = ({ side }: Scaleout) => (side === 'sell' ? 'below' : 'above')

const priceOf = ({ price, proceeds, quantity }: Filled) =>
  price ? priceText(price) : averageText(quantity.eq(0) ? zero : proceeds.div(quantity))

const done = ({ side }: Scaleout) => (side === 'sell' ? 'Sold' : 'Bought back')

/** The result of a scaleout that ended early, and the position. */
function endedText(scaleout: Scaleout, position: Position): string {
  return [
    `${done(scaleout)} ${quantityText(scaleout.soldQuantity)} of ${quantityText(scaleout.totalQuantity)} in ${scaleout.doneChunks}/${scaleout.chunkCount} chunks`,
    `Total P&L: ${profitText(scaleout.realizedPnl)}`,
    `Position: ${positionText(position)}`,
  ].join('\n')
}
