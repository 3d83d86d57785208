import { sum } from '../../base/amounts.ts'
import { priceText, quantityText, shortPercentText } from '../../base/format.ts'
import type { AnyOrder } from '../../trading/orders/rows/orders.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { BreakerNotice, ProtectionNotice } from '../../trading/protection/notices.ts'
import { partsOfKind } from '../../trading/protection/protect-part.ts'
import type { EntryLevel } from '../../trading/protection/rows/entry-levels.ts'
import type { PartLevel } from '../../trading/protection/rows/part-levels.ts'
import type { ProtectionKind } from '../../trading/protection/rows/protective-orders.ts'
import { closingWording } from './closings.ts'
import { headings } from './event-headings.ts'
import { awayText, isPart, levelLine, levelNames, levelsIn, ordersIn, partText, trailsText } from './levels.ts'
import { watchText } from './watch-text.ts'
import type { WordingOf } from './wording-of.ts'

type Set = Extract<ProtectionNotice, { kind: 'protection.set' }>
type PartSet = Extract<ProtectionNotice, { kind: 'protection.part_set' }>

const breakerWording: WordingOf<BreakerNotice> = {
  'breaker.tripped': ({ memberName, because }) =>
    [
      headings['risk.circuit_breaker_tripped'],
      `Account of ${memberName}: ${because}`,
      '⛔ It is HALTED until an owner says `resume`; what is open is being closed',
    ].join('\n'),
  'breaker.flat': ({ because, loss }) => {
    const event = { type: 'risk.account_flat' as const, data: { because, loss } }
    return `${headings[event.type]}\n${watchText(event)}`
  },
}

export const protectionWording: WordingOf<ProtectionNotice> = {
  'protection.set': (notice) => {
    const [kind, another] = notice.kinds
    const text = another ? bracketText(notice) : levelText(notice, kind!)
    return notice.weak ? `${text}\n${weaklyWatched(notice.weak)}` : text
  },
  'protection.part_set': partSetText,
  'protection.began': ({ kinds, position, protection, behind }) => {
    const names = kinds.map((kind) => kind.toUpperCase()).join(' AND ')
    const lines = kinds.map((kind) => levelLine(position, protection[kind]!))
    return [`🎯 ${names} SET — ${positionText(position)}`, ...lines, ...behindLines(behind)].join('\n')
  },
  'protection.waits': ({ levels }) =>
    `🎯 With its first fill: ${entryLevelsText(levels)}, for what is filled. They end with the order if nothing fills.`,
  'protection.removed': ({ position, ended }) => {
    const what = ended
      .map(
        (level) =>
          `${levelNames[level.kind]} ${priceText(level.price)}${isPart(level) ? ` for ${quantityText(level.quantity)}` : ''}`,
      )
      .join(' and ')
    return `✓ ${what} of ${positionText(position)} ${ended.length > 1 ? 'are' : 'is'} off.`
  },
  'protection.at_venue': ({ order, position }) =>
    [
      `🏛️ RESTS AT THE VENUE — ${positionText(position)}`,
      ...halvesOf(order),
      'It holds while the desk is down. The desk follows your quantity and your levels with it, and does not trigger them itself meanwhile.',
      'A scaleout takes it back while a part is sold, and when the next one follows within 5 s; the desk’s own levels watch then.',
    ].join('\n'),
  'protection.lost': ({ order, position, because }) =>
    [
      `🚨 NO LONGER PROTECTED AT THE VENUE — ${positionText(position)}`,
      `${halvesOf(order).join(', ')}: ${because}`,
      "The desk's own levels protect it now, as long as the desk runs.",
      `It is tried again when the quantity or the books change. 💡 \`stop ${position.symbol} PRICE\` puts a new one there`,
    ].join('\n'),
  'protection.unconfirmed': ({ order, position, isNowhere }) =>
    [
      `🛡️ NOT AT THE VENUE YET — ${positionText(position)}`,
      isNowhere
        ? `The venue cannot be reached, so nothing rests there: ${halvesOf(order).join(', ')}`
        : `The venue does not say whether it has the order: ${halvesOf(order).join(', ')}`,
      'The desk’s own levels watch meanwhile, as long as the desk runs; it goes on trying, and says here when it rests there.',
    ].join('\n'),
  'protection.by_desk': ({ position, because }) =>
    `🛡️ PROTECTED BY THE DESK — ${positionText(position)}\nIts levels do not rest at the venue: ${because}. The desk triggers them itself, as long as it runs.`,
  ...closingWording,
  ...breakerWording,
}

/** `Stop: $0.55`, `Target: $0.90`: where protection at the venue closes. */
const halvesOf = ({ protects }: AnyOrder): string[] => [
  ...(protects?.stop ? [`Stop: ${priceText(protects.stop)}`] : []),
  ...(protects?.target ? [`Target: ${priceText(protects.target)}`] : []),
]

/** `stop $112.00 and target 10%`. */
export function entryLevelsText(levels: EntryLevel[]): string {
  const texts = levels.map((level) =>
    level.at === 'price'
      ? `${level.kind} ${priceText(level.price)}`
      : `${level.kind} ${shortPercentText(level.share.abs())}`,
  )
  return texts.join(' and ')
}

/** The new level with its part of what is open, the present price, what it replaces, and the other levels. */
function partSetText({ level, position, quote, protection, replaced, weak }: PartSet): string {
  const { kind, quantity, price } = level
  const open = position.signedQuantity.abs()
  const others = levelsIn(protection).filter((one) => one.id !== level.id || !isPart(one))
  const left = open.minus(sum(partsOfKind(protection, kind).map((one) => one.quantity)))
  const hint = left.gt(0) && !protection[kind]
  return [
    `${kind === 'stop' ? '🛑 STOP' : '🎯 TARGET'} SET FOR ${quantityText(quantity)} OF ${quantityText(open)} — ${positionText(position)}`,
    levelLine(position, level),
    `Current: ${priceText(quote.last)}, ${awayText(price, quote.last)}`,
    ...(replaced.length > 0 ? [`In place of: ${replaced.map(partText).join(', ')}`] : []),
    ...others.map((one) => levelLine(position, one)),
    ...(hint
      ? [`💡 ${quantityText(left)} have no ${kind} yet: \`${kind} PRICE\` closes all that is left by then`]
      : []),
    ...(weak ? [weaklyWatched(weak)] : []),
  ].join('\n')
}

/** The truth about levels that only a price which counts for little watches. */
const weaklyWatched = (because: string) =>
  `⚠️ The price alone does not trigger it here: ${because}. The desk acts only once another source agrees.\n💡 \`protect at venue on\` lets it rest at the broker`

/** Both levels, each with the position's return there. */
function bracketText({ position, protection, behind }: Set): string {
  const lines = ordersIn(protection).map((order) => levelLine(position, order))
  return ['🎯 BRACKET ORDER SET', ...lines, ...behindLines(behind)].join('\n')
}

/** The line about levels of parts that a new level has ended. */
const behindLines = (behind: PartLevel[]) =>
  behind.length > 0 ? [`Ended, since all is closed before: ${behind.map(partText).join(', ')}`] : []

/** The new level, the present price, the level before, and the other level. */
function levelText({ position, quote, protection, before, behind }: Set, kind: ProtectionKind): string {
  const order = protection[kind]!
  const was = before[kind]
  const partner = protection[kind === 'stop' ? 'target' : 'stop']
  return [
    `${kind === 'stop' ? '🛑 STOP SET' : '🎯 TARGET SET'} — ${positionText(position)}`,
    levelLine(position, order),
    `Current: ${priceText(quote.last)}, ${awayText(order.price, quote.last)}`,
    ...(was ? [`Before: ${priceText(was.price)}${trailsText(was)}`] : []),
    ...behindLines(behind),
    ...(protection.parts ?? []).map((level) => levelLine(position, level)),
    ...(partner ? [`${levelLine(position, partner)}; one cancels the other`] : []),
  ].join('\n')
}
