import { Big } from '../../base/amounts.ts'
import { averageText, exactText, percentText, priceText, quantityText } from '../../base/format.ts'
import {
  isAboutSource,
  type Seen,
  type SourceEvent,
  type WatchEvent,
  type WatchEventData,
} from '../../trading/events/rules/watch-event.ts'

/** The most symbols in a message. */
const mostSymbols = 8

/** The details of an event in one line: `LONG 3,750 @ $0.63 · now $0.561 · stop $0.55 (1.96% away)`. */
export function watchText(event: WatchEvent): string {
  if (event.type === 'risk.circuit_breaker_tripped') return trippedText(event.data)
  if (event.type === 'risk.account_flat') return flatText(event.data)
  if (isAboutSource(event)) return sourceText(event)
  const { signedQuantity, averageEntryPrice, price, unrealizedReturn } = event.data
  const direction = signedQuantity.startsWith('-') ? 'SHORT' : 'LONG'
  const position = `${direction} ${quantityText(new Big(signedQuantity))} @ ${averageText(new Big(averageEntryPrice))}`
  return `${position} · now ${priceText(new Big(price))} · ${detail(event, new Big(unrealizedReturn))}`
}

/** The message about a source that does not answer, or answers again, with what it means for the account's positions. */
function sourceText({ type, data }: SourceEvent): string {
  const { source, alone, replaced, fallback = 'another source', broker } = data
  const since = exactText(new Date(data.since))
  const them = (symbols: string) => (symbols.includes(',') ? 'their' : 'its')
  if (type === 'watching.source_back') {
    const all = listText([alone, replaced].filter((some) => some !== undefined).join(','))
    return `${source} answers again; it did not since ${since}. ${broker ? 'Orders there are seen again' : 'It prices again'}: ${all}`
  }
  const lost = `${source} does not answer since ${since}: ${data.because}.`
  if (broker) {
    return `${lost} The desk does not see your orders in ${listText(alone ?? '')} there, and a close may not get through; it keeps trying. 💡 Look at your broker's own page; stops that rest at the broker hold`
  }
  return [
    lost,
    alone &&
      `Nothing else has a fresh price of ${listText(alone)}: ${them(alone)} stops and targets are not watched until one is there.`,
    replaced && `${fallback} prices ${listText(replaced)} instead: ${them(replaced)} stops and targets are watched.`,
    '💡 `sources` shows what answers',
  ]
    .filter(Boolean)
    .join(' ')
}

/** Symbols in a list: `AMD, BYND and 3 more`. */
function listText(symbols: string): string {
  const all = symbols.split(',')
  const shown = all.slice(0, mostSymbols).join(', ')
  return all.length > mostSymbols ? `${shown} and ${all.length - mostSymbols} more` : shown
}

/** The message about a tripped breaker. It is complete: the account, the reason, the desk's action, and the remedy. */
function trippedText({ because, account }: WatchEventData['risk.circuit_breaker_tripped']): string {
  const whose = account ? `The account ${account}` : 'The account'
  return `${because}. ${whose} is HALTED: what is open is being closed, and nothing is opened until an owner says \`resume\``
}

/** The message when an account is flat after its breaker tripped. */
function flatText({ because, loss }: WatchEventData['risk.account_flat']): string {
  const lost = loss ? `\n${loss}` : ''
  return `Nothing is open any more; the account is HALTED until an owner says \`resume\` (${because})${lost}`
}

/** The levels in words: `your stop $0.55 and target $0.70`. */
function levelsText({ stop, target }: Seen): string {
  const levels = [stop && `stop ${priceText(new Big(stop))}`, target && `target ${priceText(new Big(target))}`]
  return `your ${levels.filter(Boolean).join(' and ') || 'levels'}`
}

const isOrAre = ({ stop, target }: Seen) => ((stop && target) || !(stop || target) ? 'are' : 'is')

const weakWhat = ({ what, level }: WatchEventData['watching.weak_touch']) =>
  what === 'day loss' ? "the limit of the day's loss" : `your ${what} ${priceText(new Big(level ?? '0'))}`

function detail(event: Exclude<WatchEvent, SourceEvent | { type: `risk.${string}` }>, unrealizedReturn: Big): string {
  const dollars = (text = '0') => priceText(new Big(text))
  const away = (distance: string) => `${percentText(new Big(distance).abs()).slice(1)} away`
  switch (event.type) {
    case 'position.stop_approaching':
      return `stop ${dollars(event.data.stop)} (${away(event.data.distance)})`
    case 'position.target_approaching':
      return `target ${dollars(event.data.target)} (${away(event.data.distance)})`
    case 'position.profit_milestone':
      return `P&L ${percentText(unrealizedReturn)}, past ${percentText(new Big(event.data.milestone))}`
    case 'position.time_decay':
      return `open for ${event.data.hoursOpen} h, P&L ${percentText(unrealizedReturn)}`
    case 'position.thesis_invalidation':
      return event.data.because
    case 'position.correlation_spike':
      return `mean correlation ${event.data.value}, limit ${event.data.limit}`
    case 'position.volatility_spike':
      return `volatility ${event.data.value}× its mean, limit ${event.data.limit}×`
    case 'watching.feed_silent':
      return `${levelsText(event.data)} ${isOrAre(event.data)} not watched: no fresh price has come since ${exactText(new Date(event.data.since))}. The desk closes nothing at these levels until prices are back. 💡 Look at the price elsewhere; \`quote\` says what is wrong with it here, \`close\` goes through as soon as the venue has a price`
    case 'watching.feed_back':
      return `prices come again: ${levelsText(event.data)} ${isOrAre(event.data)} watched. There was no fresh price from ${exactText(new Date(event.data.since))} on`
    case 'watching.weak_touch':
      return `${weakWhat(event.data)} was touched, but not closed: this price alone is not enough for a linked account, because ${event.data.because}. It closes when a second source confirms the price. 💡 \`close\` closes now; \`quote\` shows the price and what is wrong with it`
    case 'watching.sources_disagree':
      return `${event.data.because}. Until they agree, stops and targets of linked accounts close nothing here. 💡 \`quote\` shows the price in use, \`close\` closes now`
    case 'trading.stop_loss_triggered':
      return `stop ${dollars(event.data.level)} touched`
    case 'trading.take_profit_hit':
      return `target ${dollars(event.data.level)} touched`
    case 'trading.part_stop_hit':
      return `stop ${dollars(event.data.level)} touched, for ${quantityText(new Big(event.data.quantity))}`
    case 'trading.part_target_hit':
      return `target ${dollars(event.data.level)} touched, for ${quantityText(new Big(event.data.quantity))}`
  }
}
