import { priceText, shortPercentText } from '../../base/format.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { BreakerNotice, ProtectionNotice } from '../../trading/protection/notices.ts'
import type { EntryLevel } from '../../trading/protection/rows/entry-levels.ts'
import type { ProtectionKind } from '../../trading/protection/rows/protective-orders.ts'
import { closingWording } from './closings.ts'
import { headings } from './event-headings.ts'
import { awayText, levelLine, levelNames, ordersIn, trailsText } from './levels.ts'
import { watchText } from './watch-text.ts'
import type { WordingOf } from './wording-of.ts'

type Set = Extract<ProtectionNotice, { kind: 'protection.set' }>

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
    return another ? bracketText(notice) : levelText(notice, kind!)
  },
  'protection.began': ({ kinds, position, protection }) => {
    const names = kinds.map((kind) => kind.toUpperCase()).join(' AND ')
    const lines = kinds.map((kind) => levelLine(position, protection[kind]!))
    return [`🎯 ${names} SET — ${positionText(position)}`, ...lines].join('\n')
  },
  'protection.waits': ({ levels }) =>
    `🎯 With its first fill: ${entryLevelsText(levels)}, for what is filled. They end with the order if nothing fills.`,
  'protection.removed': ({ position, ended }) => {
    const what = ended.map(({ kind, price }) => `${levelNames[kind]} ${priceText(price)}`).join(' and ')
    return `✓ ${what} of ${positionText(position)} ${ended.length > 1 ? 'are' : 'is'} off.`
  },
  ...closingWording,
  ...breakerWording,
}

/** `stop $112.00 and target 10%`. */
export function entryLevelsText(levels: EntryLevel[]): string {
  const texts = levels.map((level) =>
    level.at === 'price'
      ? `${level.kind} ${priceText(level.price)}`
      : `${level.kind} ${shortPercentText(level.share.abs())}`,
  )
  return texts.join(' and ')
}

/** Both levels, each with the position's return there. */
function bracketText({ position, protection }: Set): string {
  return ['🎯 BRACKET ORDER SET', ...ordersIn(protection).map((order) => levelLine(position, order))].join('\n')
}

/** The new level, the present price, the level before, and the other level. */
function levelText({ position, quote, protection, before }: Set, kind: ProtectionKind): string {
  const order = protection[kind]!
  const was = before[kind]
  const partner = protection[kind === 'stop' ? 'target' : 'stop']
  return [
    `${kind === 'stop' ? '🛑 STOP SET' : '🎯 TARGET SET'} — ${positionText(position)}`,
    levelLine(position, order),
    `Current: ${priceText(quote.last)}, ${awayText(order.price, quote.last)}`,
    ...(was ? [`Before: ${priceText(was.price)}${trailsText(was)}`] : []),
    ...(partner ? [`${levelLine(position, partner)}; one cancels the other`] : []),
  ].join('\n')
}
