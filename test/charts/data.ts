import type { Candle } from '../../src/charts/index.ts'

/** Bars of a stock, the same on every machine: a random walk with high volume at both ends of each session. */
export function walk(count: number, { start = 1, move = 0.02, volume = 40_000 } = {}): Candle[] {
  let state = 20_261_120
  const chance = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  let price = start
  return Array.from({ length: count }, (_, index) => {
    const open = price
    const drift = Math.sin(index / 9) * 0.25
    const close = open * (1 + move * (chance() - 0.5 + drift * 0.4))
    const [high, low] = [
      Math.max(open, close) * (1 + move * chance() * 0.4),
      Math.min(open, close) * (1 - move * chance() * 0.4),
    ]
    price = close
    return {
      open,
      high,
      low,
      close,
      volume: Math.round(volume * (0.4 + chance() + (1.4 * Math.abs(close / open - 1)) / move)),
    }
  })
}

/** The beginnings of five-minute bars in sessions from 9:30 to 16:00 in New York (in winter), oldest first. */
export function sessions(count: number, minutes = 5): Date[] {
  const days = ['2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20']
  const all = days.flatMap((day) =>
    Array.from(
      { length: 390 / minutes },
      (_, index) => new Date(Date.parse(`${day}T14:30:00Z`) + index * minutes * 60_000),
    ),
  )
  return all.slice(-count)
}

/** Days on which an exchange is open, oldest first, without weekends. */
export function days(count: number, last = '2026-11-20'): Date[] {
  const found: Date[] = []
  for (let at = Date.parse(`${last}T14:30:00Z`); found.length < count; at -= 86_400_000) {
    if (![0, 6].includes(new Date(at).getUTCDay())) found.push(new Date(at))
  }
  return found.reverse()
}
