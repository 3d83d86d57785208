import { Big } from '../../../base/amounts.ts'
import { durationText, percentText, quantityText } from '../../../base/format.ts'
import { atr, atrBars } from '../../../market/indicators/atr.ts'
import { around, clustered, floorPivots, turnBars, turns } from '../../../market/indicators/levels.ts'
import { macd, macdBars } from '../../../market/indicators/macd.ts'
import {
  atrMeaning,
  dollars,
  levelsMeaning,
  macdMeaning,
  profileMeaning,
  quoted,
  rsiMeaning,
  rvolMeaning,
  signed,
  vwapMeaning,
} from '../../../market/indicators/meaning.ts'
import { rsi, rsiBars } from '../../../market/indicators/rsi.ts'
import {
  relativeDayVolume,
  relativeDayVolumes,
  relativeVolume,
  relativeVolumes,
  rvolSessions,
} from '../../../market/indicators/rvol.ts'
import { mergedBar, sessionsOf, tradedAt } from '../../../market/indicators/sessions.ts'
import { volumeProfile } from '../../../market/indicators/volume-profile.ts'
import { vwap } from '../../../market/indicators/vwap.ts'
import type { Bar } from '../../../market/market.ts'
import { showIndicator } from './indicator.ts'
import {
  atrPicture,
  levelsPicture,
  macdPicture,
  profilePicture,
  rsiPicture,
  rvolPicture,
  vwapPicture,
} from './indicator-pictures.ts'
import type { Studied } from './studied.ts'

const dayMinutes = 1440
/** After this many bars, the first bars do not influence a moving average any more. */
const settled = 250
/** The bars of a session at most, with some of the session before. */
const ofOneDay = (minutes: number) => Math.ceil(dayMinutes / minutes)
const intraday = { lengths: ['1d' as const], because: 'A session is a day, so bars of a day are too long for it.' }
/** Whole units; small volumes of fractional units keep some decimals. */
const units = (volume: number) => quantityText(new Big(volume).round(volume < 100 ? 4 : 0))

export const showVwap = showIndicator({
  name: 'vwap',
  aliases: ['volume weighted average price'],
  phrases: [
    {
      full: `volume weighted average price, volume-weighted average price, above vwap, below vwap, where is vwap,
        where's vwap, get vwap`,
    },
  ],
  description: 'Volume-weighted average price of the session',
  position: 131,
  title: 'VWAP',
  detail:
    'Volume-weighted average price of the session: what the average unit traded in it has cost. Begins anew with every session of the exchange, at midnight UTC for what trades around the clock.',
  prefers: ['1m', '5m', '15m', '1h'],
  never: intraday,
  wants: ofOneDay,
  needs: 'one bar of the session with volume',
  study(studied) {
    const { bars, calendar, price, minutes } = studied
    const values = vwap(bars, calendar)
    const session = sessionsOf(bars, calendar).at(-1)
    // If the present session has no trade yet, VWAP has no value, and the session before does not count.
    const average = session && values[session.first + session.bars.length - 1]
    if (!session || average === undefined) return undefined
    const since = durationText(session.bars.length * minutes * 60_000)
    return {
      numbers: [`VWAP: ${dollars(average)} | Last: ${quoted(price)} | Session: ${since} of bars`],
      meaning: vwapMeaning(price, average),
      picture: vwapPicture(studied, values),
    }
  },
})

export const showRelativeVolume = showIndicator({
  name: 'rvol',
  aliases: ['rel vol', 'relative volume', 'relvol'],
  phrases: [{ full: 'relative volume, rel vol, relvol, unusual volume', thin: "how is volume, how's volume" }],
  description: 'Volume against what is usual by this time of day',
  position: 132,
  title: 'RELATIVE VOLUME',
  detail: `Volume of the session so far against the mean of up to ${rvolSessions.most} sessions before it by the same time of day. 1 is as usual, 2 twice as much.`,
  prefers: ['5m', '1m', '15m', '1h', '1d'],
  wants: (minutes) => Math.ceil(((rvolSessions.most + 1) * dayMinutes) / minutes) + 1,
  needs: `bars of ${rvolSessions.least} earlier sessions`,
  study(studied) {
    const { bars, calendar, minutes } = studied
    if (minutes >= dayMinutes) {
      const found = relativeDayVolume(bars)
      if (!found) return undefined
      const picture = rvolPicture(studied, relativeDayVolumes(bars))
      return { numbers: [rvolLine(found), 'The last finished day'], meaning: rvolMeaning(found), picture }
    }
    const found = relativeVolume(bars, calendar, minutes * 60_000)
    if (!found) return undefined
    const numbers = [rvolLine(found), `In the first ${durationText(found.elapsedMs)} of the session`]
    const picture = rvolPicture(studied, relativeVolumes(bars, calendar, minutes * 60_000))
    return { numbers, meaning: rvolMeaning(found), picture }
  },
})

function rvolLine({
  ratio,
  volume,
  usual,
  sessions,
}: {
  ratio: number
  volume: number
  usual: number
  sessions: number
}) {
  return `RVOL: ${ratio.toFixed(2)} | Volume: ${units(volume)} | Usual: ${units(usual)} (mean of ${sessions})`
}

export const showVolumeProfile = showIndicator({
  name: 'vp',
  aliases: ['poc', 'point of control', 'value area', 'volume profile', 'vpvr'],
  phrases: [{ full: 'volume profile, point of control, poc, value area, vol profile, volume by price' }],
  description: 'Volume profile: point of control and value area',
  position: 133,
  title: 'VOLUME PROFILE',
  detail:
    'At which prices the session was traded: the point of control is the price with the most volume, the value area the prices around it with 70% of it. With `1d`, of the last 60 days.',
  prefers: ['1m', '5m', '15m', '1h', '1d'],
  wants: (minutes) => (minutes >= dayMinutes ? 60 : ofOneDay(minutes)),
  needs: 'a bar with volume',
  study(studied) {
    const { bars, calendar, instrument, price, minutes } = studied
    const traded = minutes >= dayMinutes ? bars : (sessionsOf(bars, calendar).at(-1)?.bars ?? [])
    const profile = volumeProfile(traded, instrument.tick.toNumber())
    if (!profile) return undefined
    const { pointOfControl, valueArea } = profile
    const share = percentText(new Big(valueArea.share)).slice(1)
    return {
      numbers: [
        `Point of control: ${dollars(pointOfControl)} | Last: ${quoted(price)}`,
        `Value area: ${dollars(valueArea.low)} to ${dollars(valueArea.high)} (${share} of ${units(profile.volume)})`,
      ],
      meaning: profileMeaning(price, profile),
      picture: profilePicture(studied, traded, profile),
    }
  },
})

export const showRsi = showIndicator({
  name: 'rsi',
  aliases: ['relative strength', 'relative strength index'],
  phrases: [
    { full: 'relative strength, relative strength index', thin: 'is overbought, is oversold, overbought, oversold' },
  ],
  description: 'Relative strength index (14)',
  position: 134,
  title: 'RSI',
  detail: "Wilder's relative strength index over 14 bars, 0 to 100: how much of the movement was upwards.",
  prefers: ['5m', '15m', '1h', '1d', '1m'],
  wants: () => settled,
  needs: `${rsiBars} bars`,
  study(studied) {
    const values = rsi(studied.bars)
    const value = values.at(-1)
    if (value === undefined) return undefined
    const numbers = [`RSI(14): ${value.toFixed(1)} | Last: ${quoted(studied.price)}`]
    return { numbers, meaning: rsiMeaning(value), picture: rsiPicture(studied, values) }
  },
})

export const showMacd = showIndicator({
  name: 'macd',
  aliases: [],
  phrases: [{ full: 'moving average convergence divergence, macd cross' }],
  description: 'Moving average convergence divergence (12, 26, 9)',
  position: 135,
  title: 'MACD',
  detail:
    'Moving average convergence divergence (12, 26, 9): the distance of a fast average of the price from a slow one, and the average of that distance, the signal line.',
  prefers: ['5m', '15m', '1h', '1d', '1m'],
  wants: () => settled,
  needs: `${macdBars} bars`,
  study(studied) {
    const values = macd(studied.bars)
    const now = values.at(-1)
    if (!now) return undefined
    const { macd: value, signal, histogram } = now
    return {
      numbers: [
        `MACD(12,26,9): ${signed(value)} | Signal: ${signed(signal)} | Histogram: ${signed(histogram)}`,
        `Last: ${quoted(studied.price)}`,
      ],
      meaning: macdMeaning(now, values.at(-2)),
      picture: macdPicture(studied, values),
    }
  },
})

export const showAtr = showIndicator({
  name: 'atr',
  aliases: ['average true range'],
  phrases: [{ full: 'average true range, how volatile is, true range' }],
  description: 'Average true range (14)',
  position: 136,
  title: 'ATR',
  detail: "Wilder's average true range over 14 bars: how far the price ordinarily gets within one.",
  prefers: ['5m', '15m', '1h', '1d', '1m'],
  wants: () => settled,
  needs: `${atrBars} bars`,
  study(studied) {
    const { bars, price, length } = studied
    const values = atr(bars)
    const range = values.at(-1)
    if (range === undefined) return undefined
    const share = percentText(new Big(range / price)).slice(1)
    const numbers = [`ATR(14): ${dollars(range)} (${share}) | Last: ${quoted(price)}`]
    return { numbers, meaning: atrMeaning(range, price, length), picture: atrPicture(studied, values) }
  },
})

export const showLevels = showIndicator({
  name: 'levels',
  aliases: ['key levels', 'pivots', 'resistance', 's/r', 'support', 'support and resistance', 'support/resistance'],
  phrases: [
    {
      full: `support and resistance, key levels, s/r, support levels, resistance levels, support resistance,
        where is support, where's support, where is resistance`,
      thin: 'support, resistance, supports, resistances',
    },
  ],
  description: 'Support, resistance and pivots',
  position: 137,
  title: 'SUPPORT AND RESISTANCE',
  detail:
    "Prices at which bars turned before, those within an average true range of each other as one, and the floor traders' pivots of the session before.",
  prefers: ['1h', '15m', '5m', '1d', '1m'],
  wants: () => settled,
  needs: `${atrBars} bars with a turn among them`,
  async study(studied) {
    const { bars, price } = studied
    const range = atr(bars).at(-1)
    const turned = bars.length >= turnBars ? turns(bars) : []
    if (range === undefined || turned.length === 0) return undefined
    const levels = around(clustered(turned, range), price)
    const line = (name: string, found: typeof levels.supports) =>
      `${name}: ${found.map((one) => `${dollars(one.price)} (${one.touches}×)`).join(', ') || 'none in these bars'}`
    const before = await sessionBefore(studied)
    const pivots = before && floorPivots(before)
    return {
      numbers: [
        line('Resistance', levels.resistances),
        line('Support', levels.supports),
        ...(pivots
          ? [
              `Pivots: R2 ${dollars(pivots.r2)} | R1 ${dollars(pivots.r1)} | P ${dollars(pivots.pivot)} | S1 ${dollars(pivots.s1)} | S2 ${dollars(pivots.s2)}`,
            ]
          : []),
        `Last: ${quoted(price)}`,
      ],
      meaning: levelsMeaning(price, levels),
      picture: levelsPicture(studied, levels, pivots),
    }
  },
})

/**
 * The bar of the last finished session: the market's daily bar, or else the merged intraday bars if they cover the whole
 * session.
 */
async function sessionBefore({ bars, calendar, minutes, days }: Studied): Promise<Bar | undefined> {
  const last = bars.at(-1)!
  if (minutes >= dayMinutes) return last
  const sessions = sessionsOf(bars, calendar)
  const end = tradedAt(last).getTime() + minutes * 60_000
  const before = sessions.findLast(({ session }) => session.close.getTime() <= end)
  // Longer bars may begin before the open and end after the close.
  const day = (await days(1)).at(-1)
  if (day && (!before || tradedAt(day) >= before.session.open)) return day
  return before && before.first > 0 ? mergedBar(before.bars as [Bar, ...Bar[]]) : undefined
}
