import { type Big, sum } from '../../base/amounts.ts'
import { averageText, profitText, progressText, quantityText } from '../../base/format.ts'
import type { ScaleoutGroup } from './rows/scaleout-groups.ts'
import type { Scaleout } from './rows/scaleouts.ts'
import { paces } from './rules/scaleout-plan.ts'
import { implementationShortfall } from './rules/shortfall.ts'
import { verdictText } from './scaleout-text.ts'

/** The message that tells of scaleouts that were asked for together how far they are; it is kept up to date. */
export function groupText({ speed, scaleouts }: Pick<ScaleoutGroup, 'speed' | 'scaleouts'>): string {
  const pace = speed === 'smart' ? 'by volume and volatility' : paces[speed].span
  return [
    `🔄 SCALEOUT INITIATED - ${scaleouts.length} positions`,
    `Mode: ${speed.toUpperCase()} (${pace})`,
    ...scaleouts.map(progressLine),
    '💡 How far they are is shown here as they go, and the total follows at the end',
  ].join('\n')
}

function progressLine(scaleout: Scaleout): string {
  const { symbol, doneChunks, chunkCount, state, realizedPnl } = scaleout
  const how = state === 'running' ? '' : ` ${state.toUpperCase()}`
  const profit = doneChunks > 0 ? ` · P&L ${profitText(realizedPnl)}` : ''
  return `${symbol} ${progressText(doneChunks, chunkCount)}${how} · ${doneOf(scaleout)}${profit}`
}

const marks: Record<Scaleout['state'], string> = {
  running: '',
  paused: ' ⏸',
  complete: ' ✓',
  cancelled: ' 🛑',
  stopped: ' ⚠️',
}

/** The same in one line, for where a message cannot be edited and each step is one more. */
export function groupProgressText(scaleouts: Scaleout[]): string {
  const steps = scaleouts.map(
    ({ symbol, doneChunks, chunkCount, state }) => `${symbol} ${doneChunks}/${chunkCount}${marks[state]}`,
  )
  return `🔄 ${steps.join(' · ')} · P&L ${profitText(sum(scaleouts.map(({ realizedPnl }) => realizedPnl)))}`
}

const did = ({ side }: Scaleout) => (side === 'sell' ? 'sold' : 'bought back')

function doneOf(scaleout: Scaleout): string {
  const { soldQuantity, totalQuantity } = scaleout
  return `${quantityText(soldQuantity)} of ${quantityText(totalQuantity)} ${did(scaleout)}`
}

/** All of them have ended: each with what it came to, and all together. */
export function groupTotalText({ scaleouts }: Pick<ScaleoutGroup, 'scaleouts'>): string {
  const complete = scaleouts.filter(({ state }) => state === 'complete').length
  const head =
    complete === scaleouts.length
      ? `🎉 SCALEOUT COMPLETE - ${complete} positions`
      : `🏁 SCALEOUT ENDED - ${complete} of ${scaleouts.length} positions complete`
  return [
    head,
    ...scaleouts.map(totalLine),
    `Total P&L: ${profitText(sum(scaleouts.map(({ realizedPnl }) => realizedPnl)))}`,
    `📊 Against the prices at the start: ${verdictText(sum(scaleouts.map((one) => shortfallOf(one).total)))}`,
  ].join('\n')
}

function totalLine(scaleout: Scaleout): string {
  const { symbol, state, soldQuantity, endedBecause, realizedPnl } = scaleout
  const { averagePrice, total } = shortfallOf(scaleout)
  const mark = state === 'complete' ? '✓' : state === 'stopped' ? '⚠️' : '🛑'
  const because = endedBecause ? ` (${state}: ${endedBecause})` : ''
  if (soldQuantity.eq(0)) return `${mark} ${symbol}: nothing ${did(scaleout)}${because}`
  return `${mark} ${symbol}: ${doneOf(scaleout)} @ ${averageText(averagePrice)}${because} · P&L ${profitText(realizedPnl)} · ${verdictText(total)}`
}

const shortfallOf = ({ side, decisionPrice, soldQuantity, proceeds }: Scaleout) =>
  implementationShortfall(side, decisionPrice, soldQuantity, proceeds)

/** What is said when several are ended at once; the total follows. */
export function endedTogetherText(ended: { scaleout: Scaleout; onTheWay: Big }[]): string {
  return [
    `🛑 ENDED ${ended.length} SCALEOUTS`,
    ...ended.map(({ scaleout, onTheWay }) => {
      const follows = onTheWay.gt(0)
        ? ` · ${quantityText(onTheWay)} are with the venue already, and what becomes of that follows`
        : ''
      return `${scaleout.symbol}: ${doneOf(scaleout)}${follows}`
    }),
  ].join('\n')
}
