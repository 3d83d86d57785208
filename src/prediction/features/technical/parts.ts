import type { Part } from '../part.ts'
import { flowPart, rsiPart, stochasticPart } from './oscillators.ts'
import { agePart, atrPart, bollingerPart, dayPart, placePart } from './ranges.ts'
import { adxPart, averagesPart, macdPart, returnsPart } from './trend.ts'
import { volatilityPart } from './volatility.ts'
import { volumePart } from './volume.ts'

/** The 50 technical features, in their order. */
export const technicalParts: readonly Part[] = [
  ...[returnsPart, averagesPart, rsiPart, macdPart, bollingerPart, atrPart, volatilityPart],
  ...[stochasticPart, adxPart, flowPart, placePart, agePart, volumePart, dayPart],
]
