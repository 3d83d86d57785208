import { Big, isMultiple } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import { announcePriceAlerts } from '../../../infra/db/announce.ts'
import { pairPriceText } from '../../../market/currency.ts'
import type { Instrument, Quote } from '../../../market/market.ts'
import { marksOf } from '../../../market/marks.ts'
import { alertsOf, endAlerts, mostAlerts } from '../../../trading/price-alerts/rows/price-alerts.ts'
import { type AlertLevel, sideOf } from '../../../trading/price-alerts/rules/price-alert.ts'
import { noPriceToCompare, setAlert } from '../../../trading/price-alerts/set-alert.ts'
import { alertText } from '../../wording/price-alerts.ts'
import { type Command, enter, type Hearing, type Outcome, say } from '../command.ts'
import { onTick } from '../orders/limit-price.ts'
import type { SlotValues } from '../slot-values.ts'
import { notTraded, symbolMeant } from '../symbol.ts'

export const setPriceAlert: Command = {
  name: 'price alert',
  aliases: ['alert', 'price alerts'],
  phrases: [
    {
      full: 'alert me, set alert, set price alert, add alert, list price alerts, show price alerts, my price alerts',
      thin: 'ping me, let me know',
    },
  ],
  description: 'Tells you once when a price gets somewhere',
  category: 'Alerts',
  position: 312,
  effect: 'sets',
  usage: 'alert [SYMBOL above|below PRICE] | off NUMBER | off all',
  example: 'alert AMD below 240',
  detail: `Tells you here, once, when the price of a symbol gets to a level, with or without a position in it; then the alert is over. \`price alerts\` lists yours, \`alert off 3\` and \`alert off all\` take them back. At most ${mostAlerts} wait at once. \`alerts\` is about what this channel hears of positions.`,
  anyCurrency: true,
  needs: 'viewer',
  account: 'none',
  options: [
    { name: 'symbol', type: 'symbol', description: 'Which symbol' },
    { name: 'above', type: 'price', before: 'above', description: 'At this price or above' },
    { name: 'below', type: 'price', before: 'below', description: 'At this price or below' },
    { name: 'price', type: 'price', description: 'At this price' },
    { name: 'what', type: 'choice', choices: ['off', 'list'], description: 'Take one back, or list' },
    { name: 'quantity', type: 'quantity', description: 'Its number' },
    { name: 'once', type: 'choice', choices: ['once'], description: 'Every alert is told once' },
  ],
  async run(hearing, slots) {
    const { words } = slots
    if (words.what === 'off') return takeBack(hearing, slots)
    const isLevel = (words.above ?? words.below ?? words.price ?? words.quantity) !== undefined
    if (!isLevel && (words.what === 'list' || words.symbol === undefined)) return list(hearing)
    return set(hearing, slots)
  },
}

async function set(hearing: Hearing, slots: SlotValues): Promise<Outcome> {
  const { parts, speaker, inboundId } = hearing
  const symbol = await symbolMeant(hearing, slots)
  if (typeof symbol !== 'string') return symbol
  const instrument = parts.market.instrument(symbol)
  if (!instrument) return notTraded(symbol, parts.market.name)
  const quote = await marksOf(parts.market).quote(symbol)
  if (!quote || quote.stale) return noPriceToCompare(symbol, quote)
  const level = levelIn(slots, instrument, quote)
  if (level instanceof Refusal) return level
  if (!level) {
    const text = `❓ At which price of ${symbol}? It is at ${pairPriceText(symbol, quote.last)} now.`
    return enter('price', 'number', 'Price', text, { ...slots.words, symbol })
  }
  const { memberId, conversationId } = speaker
  const same = (await alertsOf(parts.db, memberId)).find((one) => one.symbol === symbol && isSame(one, level))
  if (same)
    return say(`🔔 ALERT ${same.number} is that already: ${alertText(same)} (${pairPriceText(symbol, quote.last)} now)`)
  const alert = await setAlert(parts, { memberId, conversationId, symbol, ...level, inboundId }, quote)
  if (alert instanceof Refusal) return alert
  if (alert === 'set before') return { replies: [] }
  return say(
    `🔔 ALERT ${alert.number}: ${alertText(alert)} (${pairPriceText(symbol, quote.last)} now)\n💡 You are told here, once. \`price alerts\` lists yours, \`alert off ${alert.number}\` takes it back`,
  )
}

const isSame = (one: AlertLevel, other: AlertLevel) =>
  one.above?.toFixed() === other.above?.toFixed() && one.below?.toFixed() === other.below?.toFixed()

/** The level that was said; undefined when there is none yet. */
function levelIn(slots: SlotValues, instrument: Instrument, quote: Quote): AlertLevel | Refusal | undefined {
  const { above, below, price, words } = slots
  const said = [above, below, price].filter((one) => one !== undefined)
  const bare =
    words.quantity === undefined || !/^\d+(\.\d+)?$/.test(words.quantity) ? undefined : new Big(words.quantity)
  if (said.length > 1 || (said.length === 1 && bare)) {
    return new Refusal('TWO_TRIGGERS', 'Those are two prices. No alert was set.', 'Say one: `alert AMD below 240`')
  }
  const level = said[0] ?? bare
  if (level === undefined || level instanceof Refusal) return level
  if (level.lte(0))
    return new Refusal('PRICE_NOT_POSITIVE', 'A price is more than zero. No alert was set.', 'Such as 240')
  if (!isMultiple(level, instrument.tick)) return onTick(level, instrument) as Refusal
  return above ? { above: level } : below ? { below: level } : sideOf(level, quote.last)
}

async function list({ parts, speaker }: Hearing): Promise<Outcome> {
  const alerts = await alertsOf(parts.db, speaker.memberId)
  if (alerts.length === 0) return say('🔔 No price alerts.\n💡 `alert AMD below 240` sets one')
  const lines = await Promise.all(
    alerts.map(async (alert) => {
      const quote = await parts.market.quote(alert.symbol)
      return `${alert.number}. ${alertText(alert)}${quote ? ` (${pairPriceText(alert.symbol, quote.last)} now)` : ''}`
    }),
  )
  return say(['🔔 PRICE ALERTS', ...lines, `💡 \`alert off ${alerts[0]!.number}\` takes one back`].join('\n'))
}

async function takeBack({ parts, speaker }: Hearing, { words }: SlotValues): Promise<Outcome> {
  const alerts = await alertsOf(parts.db, speaker.memberId)
  const isAll = words.fraction === '1'
  if (!isAll && words.quantity === undefined) {
    const sentence = 'Which price alert? Nothing was changed.'
    const first = alerts[0] ? `\`alert off ${alerts[0].number}\`, or \`alert off all\`; ` : ''
    return new Refusal('WHICH_ALERT', sentence, `${first}\`alerts off\` makes this channel hear nothing of positions`)
  }
  const number = isAll ? undefined : Number(words.quantity)
  const known = number === undefined ? alerts.length > 0 : alerts.some((alert) => alert.number === number)
  const ended = known ? await endAlerts(parts.db, speaker.memberId, parts.clock.now(), number) : []
  if (ended.length === 0) {
    const which =
      number === undefined ? 'You have no price alerts.' : `You have no price alert ${words.quantity!.slice(0, 12)}.`
    return new Refusal('NO_SUCH_ALERT', `${which} Nothing was changed.`, '`price alerts` lists yours')
  }
  await announcePriceAlerts(parts)
  return say(ended.map((alert) => `✓ Alert ${alert.number} is off: ${alertText(alert)}`).join('\n'))
}
