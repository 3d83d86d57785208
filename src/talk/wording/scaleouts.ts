import { averageText, quantityText } from '../../base/format.ts'
import { averageEntryPrice } from '../../trading/positions/rules/position.ts'
import type { ScaleoutNotice } from '../../trading/scaleouts/notices.ts'
import { cancelledText } from '../../trading/scaleouts/scaleout-text.ts'
import type { WordingOf } from './wording-of.ts'

export const scaleoutWording: WordingOf<ScaleoutNotice> = {
  'scaleout.started': ({ scaleout, position, pace }) => ({
    text: [
      '🔄 SCALEOUT INITIATED',
      `Mode: ${scaleout.speed.toUpperCase()} (${pace})`,
      `Total Quantity: ${quantityText(scaleout.totalQuantity)}`,
      `Chunks: ${scaleout.chunkCount}`,
      `Entry: ${averageText(averageEntryPrice(position))}`,
      '💡 Progress updates will appear automatically',
    ].join('\n'),
    thread: `${scaleout.symbol} scaleout`,
  }),
  'scaleout.cancelled': ({ scaleout, position, because, inFlight }) =>
    cancelledText(scaleout, position, because, inFlight),
}
