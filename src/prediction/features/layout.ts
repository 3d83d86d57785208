import { createHash } from 'node:crypto'
import { sentimentNames } from '../sentiment/names.ts'
import { barsPart } from './bars-part.ts'
import { optionNames } from './options.ts'
import { sectorNames } from './sector-names.ts'
import { technicalParts } from './technical/parts.ts'

/** Goes up with every change of a name, an order or a formula; models say for which version they were trained. */
export const layoutVersion = 1

const named = {
  bars: barsPart.names,
  sentiment: sentimentNames,
  technical: technicalParts.flatMap(({ names }) => names),
  sector: sectorNames,
  options: optionNames,
}
export type Block = keyof typeof named

/** The names of all 336 features, in their order. */
export const featureNames: readonly string[] = Object.values(named).flat()
export const featureCount = featureNames.length

/** The places of each block in a row: `from` is its first value, `to` the one behind its last. */
export const blocks: Readonly<Record<Block, { from: number; to: number }>> = placesOf(named)

/** SHA-256 of version and names, in hex. */
export const layoutHash: string = createHash('sha256')
  .update(JSON.stringify([layoutVersion, featureNames]))
  .digest('hex')

function placesOf(all: Record<Block, readonly string[]>): Record<Block, { from: number; to: number }> {
  let from = 0
  const places = Object.entries(all).map(([block, names]) => {
    const place = { from, to: from + names.length }
    from = place.to
    return [block, place] as const
  })
  return Object.fromEntries(places) as Record<Block, { from: number; to: number }>
}
