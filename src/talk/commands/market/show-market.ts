import { durationText } from '../../../base/format.ts'
import { dayText, timeText, whenText } from '../../../base/zone.ts'
import { exchangeZone, nyse } from '../../../market/calendar.ts'
import { commonHours } from '../../../market/hours.ts'
import type { Market, ReplayPlace } from '../../../market/market.ts'
import type { Parts } from '../../../trading/parts.ts'
import { type Command, say } from '../command.ts'

const dayMinutes = 1440

/** The most symbols in the answer. */
const mostSymbols = 100

export const showMarket: Command = {
  name: 'market',
  aliases: ['symbols'],
  phrases: [
    {
      full: `is the market open, is market open, market hours, market status, when does the market open,
        when does the market close, which market is this, where is the replay,
        what symbols are there, which symbols are there, what symbols, which symbols, list symbols, show symbols,
        symbol list, list of symbols, what can i trade, what can we trade, what can be traded, what is traded here, tickers,
        list tickers, what tickers are there`,
    },
  ],
  description: 'Which market this is, whether it is open, and its symbols',
  category: 'Market',
  position: 131,
  effect: 'reads',
  usage: 'market',
  example: 'market',
  detail:
    'The market behind the prices, whether it is open and until when, and for a replay of recorded bars the day or time that plays, and when it ends; and its symbols.',
  needs: 'viewer',
  account: 'none',
  options: [],
  run: async ({ parts, speaker }) => say(marketText(parts, speaker.timeZone ?? exchangeZone)),
}

/** The market, whether it is open, and where its replays are. */
function marketText({ market, clock }: Pick<Parts, 'market' | 'clock'>, zone: string): string {
  const now = clock.now()
  const symbols = market.instruments().map(({ symbol }) => symbol)
  const count = symbols.length
  const replays = market.replays?.() ?? []
  return [
    `🏛️ MARKET ${market.name} - ${count} ${count === 1 ? 'symbol' : 'symbols'}`,
    ...(replays.length > 0 ? replays.map((one) => replayText(one, now, zone)) : [hoursText(market, now, zone)]),
    ...symbolLines(symbols),
  ].join('\n')
}

/** The symbols in a line; of a large market the first ones. */
function symbolLines(symbols: string[]): string[] {
  if (symbols.length === 0) return []
  const shown = symbols.toSorted().slice(0, mostSymbols).join(', ')
  const more = symbols.length > mostSymbols ? ` and ${symbols.length - mostSymbols} more` : ''
  return [`Symbols: ${shown}${more}`]
}

function hoursText(market: Market, now: Date, zone: string): string {
  const { isAlwaysOpen } = commonHours(market.instruments())
  const bell = bellText(now, zone)
  if (isAlwaysOpen) return `Open around the clock. The exchange that it stands for is ${bell}`
  return `${bell[0]!.toUpperCase()}${bell.slice(1)}`
}

/** `open until 4:00 PM EST (2 h 10 min left)`, or `closed until …`. */
function bellText(now: Date, zone: string): string {
  const session = nyse.sessionAt(now)
  if (session) return `open until ${whenText(session.close, now, zone)} (${left(session.close, now)} left)`
  const why = nyse.reasonOf(now)
  const next = nyse.nextSession(now)
  return `closed${why && !nyse.sessionOf(now) ? ` (${why})` : ''}; it opens ${whenText(next.open, now, zone)} (in ${left(next.open, now)})`
}

const left = (to: Date, now: Date) => durationText(to.getTime() - now.getTime())

const dayMs = dayMinutes * 60_000
/** From here on a time is told in days, in milliseconds. */
const inDaysFromMs = 3 * dayMs

/** The time that a replay still plays: `1,859 days`, `2 h 10 min`. */
function playsFor(to: Date, now: Date): string {
  const ms = to.getTime() - now.getTime()
  return ms < inDaysFromMs ? durationText(ms) : `${Math.round(ms / dayMs).toLocaleString('en-US')} days`
}

function replayText(place: ReplayPlace, now: Date, zone: string): string {
  const { name, at, from, to, minutes, bar, bars, endsAt } = place
  // A bar of a day has a date and no time.
  const momentOf = (moment: Date) =>
    minutes >= dayMinutes
      ? `${dayText(moment, 'UTC')} ${moment.getUTCFullYear()}`
      : `${dayText(moment, exchangeZone)} ${moment.getUTCFullYear()}, ${timeText(moment, exchangeZone)}`
  const span = `bar ${bar} of ${bars}, ${momentOf(from)} to ${momentOf(to)}`
  if (endsAt <= now) return `${name} has ended (${span}). Nothing is traded any more; a new start plays it again`
  return `${name} plays ${momentOf(at)} (${span}). Open at every hour until it ends ${whenText(endsAt, now, zone)} (in ${playsFor(endsAt, now)})`
}
