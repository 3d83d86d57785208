import { sum } from '../../base/amounts.ts'
import { averageText, profitText, progressText, quantityText } from '../../base/format.ts'
import { asYouAsked } from '../../trading/events/rules/background.ts'
import type { ScaleoutGroupNotice } from '../../trading/scaleouts/notices.ts'
import type { Scaleout } from '../../trading/scaleouts/rows/scaleouts.ts'
import { paces } from '../../trading/scaleouts/rules/scaleout-plan.ts'
import { endText } from './end-text.ts'
import { paceName } from './scaleout-terms.ts'
import { shortfallOf, verdictText } from './shortfall.ts'
import type { WordingOf } from './wording-of.ts'

/** The sentences about groups of scaleouts that start together. */
export const scaleoutGroupWording: WordingOf<ScaleoutGroupNotice> = {
  'scaleouts.started': ({ group: { speed, lengthMs, scaleouts } }) => {
    const pace = speed === 'smart' ? 'by volume and volatility' : paces[speed].span
    const mode = lengthMs === undefined ? `${speed.toUpperCase()} (${pace})` : paceName({ speed, lengthMs })
    const text = [
      `🔄 SCALEOUT INITIATED - ${scaleouts.length} positions`,
      `Mode: ${mode}`,
      ...progressLines(scaleouts),
      '💡 How far they are is shown here as they go, and the total follows at the end',
    ].join('\n')
    return { text, thread: `Scaleout of ${scaleouts.length} positions` }
  },

  'scaleouts.progressed': ({ scaleouts }) => {
    return `🔄 ${scaleouts.map(stepText).join(' · ')} · P&L ${profitText(profitOf(scaleouts))}`
  },

  'scaleouts.ended': ({ scaleouts, isDirect }) => {
    const complete = scaleouts.filter(({ state }) => state === 'complete').length
    const head =
      complete === scaleouts.length
        ? `🎉 SCALEOUT COMPLETE - ${complete} positions`
        : `🏁 SCALEOUT ENDED - ${complete} of ${scaleouts.length} positions complete`
    const total = [
      head,
      ...scaleouts.map(totalLine),
      `Total P&L: ${profitText(profitOf(scaleouts))}`,
      `📊 Against the prices at the start: ${verdictText(sum(scaleouts.map((one) => shortfallOf(one).total)))}`,
    ].join('\n')
    return isDirect ? endText(total) : total
  },

  'scaleouts.cancelled': ({ ended }) =>
    [
      `🛑 ENDED ${ended.length} SCALEOUTS`,
      ...ended.map(({ scaleout, onTheWay }) => {
        const follows = onTheWay.gt(0)
          ? ` · ${quantityText(onTheWay)} are with the venue already, and what becomes of that follows`
          : ''
        return `${scaleout.symbol}: ${doneOf(scaleout)}${follows}`
      }),
    ].join('\n'),
}

/**
 * The most characters of the lines about progress. The message must stay one message on every platform, since it is edited:
 * Discord takes 2,000 characters, and its heading, names and escaped signs need room as well.
 */
const mostProgress = 1500

/** A line for each scaleout; for many, the ended ones become one line, and then the others a short list. */
function progressLines(scaleouts: Scaleout[]): string[] {
  const lines = scaleouts.map(progressLine)
  if (lengthOf(lines) <= mostProgress) return lines
  const ended = scaleouts.filter(({ state }) => state !== 'running' && state !== 'paused')
  const underWay = scaleouts.filter((one) => !ended.includes(one))
  const folded = ended.length > 0 ? [endedLine(ended)] : []
  const shorter = [...underWay.map(progressLine), ...folded]
  if (lengthOf(shorter) <= mostProgress) return shorter
  const steps = underWay.map(stepText)
  return [...(steps.length > 0 ? [listed(steps, ' · ', mostProgress - lengthOf(folded) - 30)] : []), ...folded]
}

const lengthOf = (lines: string[]) => lines.join('\n').length

/** The ended scaleouts in one line, with as many symbols as fit. */
function endedLine(ended: Scaleout[]): string {
  const symbols = ended.map(({ symbol, state }) => `${symbol}${marks[state]}`)
  return `Ended ${ended.length}: ${listed(symbols, ', ', mostProgress / 3)} · P&L ${profitText(profitOf(ended))}`
}

/** The parts that fit into so many characters, and the number of the others. */
function listed(parts: string[], separator: string, most: number): string {
  const fitting = parts.filter((_, index) => parts.slice(0, index + 1).join(separator).length <= most)
  const left = parts.length - fitting.length
  return `${fitting.join(separator)}${left > 0 ? ` and ${left} more` : ''}`
}

const marks: Record<Scaleout['state'], string> = {
  running: '',
  paused: ' ⏸',
  complete: ' ✓',
  cancelled: ' 🛑',
  stopped: ' ⚠️',
}

export const profitOf = (scaleouts: Scaleout[]) => sum(scaleouts.map(({ realizedPnl }) => realizedPnl))

const stepText = ({ symbol, doneChunks, chunkCount, state }: Scaleout) =>
  `${symbol} ${doneChunks}/${chunkCount}${marks[state]}`

function progressLine(scaleout: Scaleout): string {
  const { symbol, doneChunks, chunkCount, state, realizedPnl } = scaleout
  const how = state === 'running' ? '' : ` ${state.toUpperCase()}`
  const profit = doneChunks > 0 ? ` · P&L ${profitText(realizedPnl)}` : ''
  return `${symbol} ${progressText(doneChunks, chunkCount)}${how} · ${doneOf(scaleout)}${profit}`
}

const did = ({ side }: Scaleout) => (side === 'sell' ? 'sold' : 'bought back')

function doneOf(scaleout: Scaleout): string {
  const { soldQuantity, totalQuantity } = scaleout
  return `${quantityText(soldQuantity)} of ${quantityText(totalQuantity)} ${did(scaleout)}`
}

function totalLine(scaleout: Scaleout): string {
  const { symbol, state, soldQuantity, endedBecause, realizedPnl } = scaleout
  const { averagePrice, total } = shortfallOf(scaleout)
  const mark = state === 'complete' ? '✓' : state === 'stopped' ? '⚠️' : '🛑'
  const because = endedBecause
    ? ` (${endedBecause === asYouAsked ? `${state} by you` : `${state}: ${endedBecause}`})`
    : ''
  if (soldQuantity.eq(0)) return `${mark} ${symbol}: nothing ${did(scaleout)}${because}`
  return `${mark} ${symbol}: ${doneOf(scaleout)} @ ${averageText(averagePrice)}${because} · P&L ${profitText(realizedPnl)} · ${verdictText(total)}`
}
