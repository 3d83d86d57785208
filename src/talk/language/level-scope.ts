import { Big } from '../../base/amounts.ts'
import { amountAt, fractionAt } from './amounts.ts'
import type { Given } from './given.ts'
import type { Token } from './tokens.ts'

/** What a level is for, if it is not for the whole of one position, and the other words. */
export interface LevelScope {
  /** `part`: a quantity or a share. `scope`: every open position. */
  scope: Given
  tokens: Token[]
}

/** Commands whose level may be for a part of the position. */
const ofParts = new Set(['stop', 'target'])
/** Commands that can be said of every open position. */
const ofAll = new Set(['stop', 'target', 'trail', 'breakeven'])
const leads = new Set(['for', 'on', 'across'])
const articles = new Set(['the', 'my'])
const every =
  /^(everything|(all|every|each) (of )?(my |the |open )*(positions?|names?|holdings?|of them|of it all)|all$)/

/** The slots for what a level of this command may be for. */
export function scopesOf(name: string): string[] {
  return [...(ofAll.has(name) ? ['scope'] : []), ...(ofParts.has(name) ? ['part'] : [])]
}

/** Takes the part, or everything, that a level is for out of its words: `target 400 for half`, `stop 5% on everything`. */
export function takeLevelScope(name: string, tokens: Token[]): LevelScope {
  return (
    (ofAll.has(name) && takeEverything(name, tokens)) ||
    (ofParts.has(name) && takePart(tokens)) || { scope: {}, tokens }
  )
}

function takeEverything(name: string, tokens: Token[]): LevelScope | undefined {
  for (const [at, { word }] of tokens.entries()) {
    const isLed = leads.has(word)
    const from = isLed ? at + 1 : at
    // Without `on`, only `everything` is about all positions: `all` may mean all of one.
    if (!isLed && word !== 'everything' && !(name === 'breakeven' && word === 'all')) continue
    const said = tokens
      .slice(from, from + 5)
      .map((token) => token.word)
      .join(' ')
    const [found] = every.exec(said) ?? []
    if (found === undefined) continue
    const used = found.split(' ').length
    return { scope: { scope: 'everything' }, tokens: tokens.toSpliced(at, from - at + used) }
  }
  return undefined
}

interface Part {
  at: number
  used: number
  value: string
  isShare: boolean
}

/** Takes the part. A share goes before a number, and a number must remain for the level itself. */
function takePart(tokens: Token[]): LevelScope | undefined {
  const found = tokens.flatMap((_, at) => partAt(tokens, at) ?? [])
  const part = found.find(({ isShare }) => isShare) ?? found.at(-1)
  if (!part) return undefined
  const rest = tokens.toSpliced(part.at, part.used)
  const hasLevel = rest.some((_, at) => amountAt(rest, at) !== undefined)
  return hasLevel ? { scope: { part: part.value }, tokens: rest } : undefined
}

function partAt(tokens: Token[], at: number): Part | undefined {
  if (!leads.has(tokens[at]!.word)) return undefined
  const from = articles.has(tokens[at + 1]?.word ?? '') ? at + 2 : at + 1
  if (from >= tokens.length) return undefined
  const share = fractionAt(tokens, from)
  if (share && share.value !== '1')
    return {
      at,
      used: from - at + share.used + ofIt(tokens, from + share.used),
      value: shareText(share.value),
      isShare: true,
    }
  const amount = amountAt(tokens, from)
  if (!amount || amount.kind === 'price' || amount.isUnsure) return undefined
  const used = from - at + amount.used
  const isShare = amount.kind === 'percent'
  return { at, used: used + ofIt(tokens, at + used), value: isShare ? `${amount.value}%` : amount.value, isShare }
}

/** The words `of it`, or the `of` before a symbol, behind an amount. */
function ofIt(tokens: Token[], at: number): number {
  if (tokens[at]?.word !== 'of') return 0
  return /^(it|them|that)$/.test(tokens[at + 1]?.word ?? '') ? 2 : 1
}

/** A share as it is typed: `50%`, or `1/3`, which no percentage equals. */
const shareText = (share: string) => (share.includes('/') ? share : `${new Big(share).times(100).toFixed()}%`)
