import { Big, least, zero } from '../../base/amounts.ts'
import {
  averageText,
  dollarsText,
  durationText,
  priceText,
  profitText,
  progressText,
  quantityText,
} from '../../base/format.ts'
import type { Position } from '../positions/rows/positions.ts'
import { positionText } from '../positions/rules/describe.ts'
import type { Chunk } from './rows/chunks.ts'
import type { Scaleout } from './rows/scaleouts.ts'
import { implementationShortfall } from './rules/shortfall.ts'

/** What a chunk came to, over all of its fills. */
export interface Filled {
  quantity: Big
  /** Dollars exchanged, and locked in. */
  proceeds: Big
  realizedPnl: Big
  /** The price of all of it in dollars, where there was only one. */
  price?: Big
}

const priceOf = ({ price, proceeds, quantity }: Filled) =>
  price ? priceText(price) : averageText(quantity.eq(0) ? zero : proceeds.div(quantity))

const done = (scaleout: Scaleout) => (scaleout.side === 'sell' ? 'Sold' : 'Bought back')

/** The announcement with its progress, for platforms that can edit. */
export function announcementText(announced: string, scaleout: Scaleout): string {
  const bar = progressText(scaleout.doneChunks, scaleout.chunkCount)
  const state = scaleout.state === 'running' ? '' : ` ${scaleout.state.toUpperCase()}`
  return `${announced}\n${bar}${state}`
}

/** What a scaleout still has to trade: no more than is open, whatever else took from the position meanwhile. */
export function leftOf({ totalQuantity, soldQuantity }: Scaleout, { signedQuantity }: Position): Big {
  return least(totalQuantity.minus(soldQuantity), signedQuantity.abs())
}

/** One slice is done; `leaves` is what it did not sell, for the slices behind it. */
export function chunkText(scaleout: Scaleout, position: Position, chunk: Chunk, filled: Filled, leaves?: Big): string {
  const left = leftOf(scaleout, position)
  const traded = filled.quantity.gt(0)
    ? `${done(scaleout)} ${quantityText(filled.quantity)} @ ${priceOf(filled)}`
    : `nothing ${did(scaleout)} yet`
  return [
    `${filled.quantity.gt(0) ? '✓' : '⏳'} ${chunkName(scaleout, chunk)}: ${traded}${leaves ? `, ${quantityText(leaves)} go to the next ones` : ''}`,
    `P&L: ${profitText(filled.realizedPnl)} | Remaining: ${quantityText(left)} | Total P&L: ${profitText(scaleout.realizedPnl)}`,
  ].join('\n')
}

/** Something of a slice was traded after it, or its scaleout, was over. */
export function lateText(
  scaleout: Scaleout,
  position: Position,
  chunk: Chunk,
  filled: Filled,
  isLate: boolean,
): string {
  const text = chunkText(scaleout, position, chunk, filled)
  return isLate ? `${text}\n⚠️ The venue tells of it late: the order had ended` : text
}

const did = ({ side }: Scaleout) => (side === 'sell' ? 'sold' : 'bought back')

const chunkName = ({ groupId, symbol, chunkCount }: Scaleout, { number }: Chunk) =>
  `${groupId === null ? '' : `${symbol} `}Chunk ${number}/${chunkCount}`

/** The last slice is done. */
export function completeText(scaleout: Scaleout, position: Position, filled: Filled): string {
  return [
    '🎉 SCALEOUT COMPLETE',
    `Final Chunk: ${quantityText(filled.quantity)} @ ${priceOf(filled)}`,
    ...(scaleout.soldQuantity.lt(scaleout.totalQuantity)
      ? [
          `${done(scaleout)} ${quantityText(scaleout.soldQuantity)} of ${quantityText(scaleout.totalQuantity)}: the rest was closed otherwise`,
        ]
      : []),
    `Total P&L: ${profitText(scaleout.realizedPnl)}`,
    `Position: ${positionText(position)}`,
    shortfallText(scaleout),
  ].join('\n')
}

/** How well it went: the average price against the price at the start. */
export function shortfallText(scaleout: Scaleout): string {
  const { side, decisionPrice, soldQuantity, proceeds } = scaleout
  const shortfall = implementationShortfall(side, decisionPrice, soldQuantity, proceeds)
  const verdict = verdictText(shortfall.total)
  const each = verdict === noDifference ? '' : `${averageText(shortfall.perUnit.abs())} each, `
  return `📊 Average ${averageText(shortfall.averagePrice)} against ${priceText(decisionPrice)} at the start: ${each}${verdict}`
}

const noDifference = 'no difference'

/** A shortfall in dollars, in words: `$1.20 worse`; less than half a cent is no difference. */
export function verdictText(shortfall: Big): string {
  if (shortfall.round(2, Big.roundHalfEven).eq(0)) return noDifference
  return `${dollarsText(shortfall.abs())} ${shortfall.gt(0) ? 'worse' : 'better'}`
}

/** A try failed; another follows. */
export function pausedText(scaleout: Scaleout, chunk: Chunk, error: string, waitMs: number): string {
  return [
    `⚠️ SCALEOUT PAUSED - ${scaleout.symbol}`,
    `Chunk ${chunk.number}/${scaleout.chunkCount} did not go through: ${error}`,
    `It stays planned. Next try in ${durationText(waitMs)}.`,
  ].join('\n')
}

/** The market has no price: the scaleout goes on by itself when it has one. */
export function waitsForPricesText(scaleout: Scaleout, chunk: Chunk, why: string): string {
  return [
    `⏸ SCALEOUT PAUSED - ${scaleout.symbol}`,
    `Chunk ${chunk.number}/${scaleout.chunkCount} waits for a price: ${why}`,
    'Nothing is sold meanwhile; it goes on by itself when prices are back.',
  ].join('\n')
}

/** The tries are used up. */
export function stoppedText(scaleout: Scaleout, position: Position, error: string, unconfirmed: Big): string {
  return [
    `🛑 SCALEOUT STOPPED - ${scaleout.symbol}`,
    `Three tries in a row failed: ${error}`,
    endedText(scaleout, position),
    ...(unconfirmed.gt(0)
      ? [
          `An order of ${quantityText(unconfirmed)} is not confirmed by the venue; the desk keeps asking and will say what became of it.`,
        ]
      : []),
    `💡 Type \`scaleout ${scaleout.symbol}\` to go on, or \`close ${scaleout.symbol}\``,
  ].join('\n')
}

/** What a scaleout did before it ended early, and what is left. */
export function endedText(scaleout: Scaleout, position: Position): string {
  return [
    `${done(scaleout)} ${quantityText(scaleout.soldQuantity)} of ${quantityText(scaleout.totalQuantity)} in ${scaleout.doneChunks}/${scaleout.chunkCount} chunks`,
    `Total P&L: ${profitText(scaleout.realizedPnl)}`,
    `Position: ${positionText(position)}`,
  ].join('\n')
}

/** A scaleout ended before its last chunk. */
export function cancelledText(scaleout: Scaleout, position: Position, because: string, inFlight: Big): string {
  return [
    `🛑 SCALEOUT CANCELLED - ${scaleout.symbol} (${because})`,
    endedText(scaleout, position),
    ...(inFlight.gt(0)
      ? [`An order for ${quantityText(inFlight)} is with the venue already; what becomes of it follows.`]
      : []),
  ].join('\n')
}
