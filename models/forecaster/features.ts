import { crossSectionOf } from '../../src/prediction/features/cross-section.ts'
import { featuresOf } from '../../src/prediction/features/features.ts'
import { blocks, featureCount, layoutHash, layoutVersion } from '../../src/prediction/features/layout.ts'
import type { Features } from './build.ts'
import type { BarsFound } from './recording.ts'

/**
 * The features of recorded bars. There is no history of sentiment and options, so those are zero and flagged as lacking; the sector's
 * are taken away from some samples, since the desk may lack them, too.
 */
export function featuresFor({ bars, market }: BarsFound): Features {
  const cross = crossSectionOf(bars)
  return {
    width: featureCount,
    layout: layoutHash,
    version: layoutVersion,
    blocks: [[blocks.sector.from, blocks.sector.to]],
    of: (symbol, own) => featuresOf({ symbol, bars: own, cross, spy: market }),
  }
}
