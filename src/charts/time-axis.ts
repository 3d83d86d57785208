/** A label under the time axis; a strong label begins a day, a month or a year. */
export interface TimeTick {
  index: number
  text: string
  strong: boolean
}

/** The date and time at a place, in numbers. */
interface Local {
  year: number
  month: number
  /** Whole days since 1970-01-01 of the local calendar. */
  day: number
  /** Seconds since the local midnight. */
  second: number
  date: number
}

/** A step of the axis: moments with the same number share a label, at the first of them. */
interface Step {
  /** The length of a step within a day; undefined for longer steps. */
  seconds?: number
  number(local: Local): number
  text(local: Local): string
  /** Does a new number also begin something larger? Then the label shows that instead. */
  larger?: { number(local: Local): number; text(local: Local): string }
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (value: number) => String(value).padStart(2, '0')

const day = {
  number: (local: Local) => local.day,
  text: (local: Local) => `${months[local.month]} ${local.date}`,
}
const year = { number: (local: Local) => local.year, text: (local: Local) => String(local.year) }
const clock = (step: number) => (local: Local) => {
  const time = `${two(Math.floor(local.second / 3600))}:${two(Math.floor(local.second / 60) % 60)}`
  return step < 60 ? `${time}:${two(local.second % 60)}` : time
}
const within = (step: number): Step => ({
  seconds: step,
  number: (local) => local.day * 86_400 + Math.floor(local.second / step) * step,
  text: clock(step),
  larger: day,
})
const inMonths = (count: number): Step => ({
  number: (local) => Math.floor((local.year * 12 + local.month) / count),
  text: (local) => months[local.month]!,
  larger: year,
})
const inYears = (count: number): Step => ({ ...year, number: (local) => Math.floor(local.year / count) })
/** Weeks begin on Monday; 1970-01-01 was a Thursday. */
const inWeeks = (count: number): Step => ({ ...day, number: (local) => Math.floor((local.day + 3) / (7 * count)) })

/** The least distance between two labels, in points. */
const least = 14

/** From fine to coarse. */
const steps: Step[] = [
  ...[1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200].map(within),
  day,
  inWeeks(1),
  inWeeks(2),
  ...[1, 3, 6].map(inMonths),
  ...[1, 2, 5, 10, 20].map(inYears),
]

/**
 * Labels for a time axis with one column for each moment: as many as fit without touching, at round local times. `width`
 * measures a label, `column` is the width of a column, both in points.
 */
export function timeTicks(
  times: Date[],
  timeZone: string,
  column: number,
  width: (text: string) => number,
): TimeTick[] {
  const locals = times.map(localIn(timeZone))
  const room = (a: TimeTick, b: TimeTick) => (b.index - a.index) * column - (width(a.text) + width(b.text)) / 2
  const usual = usualGap(times) / 1000
  for (const step of steps) {
    // Hourly bars begin new seconds too, but such labels are useless.
    if (step.seconds !== undefined && step.seconds < Math.min(usual, 43_200)) continue
    const ticks = ticksOf(locals, step)
    // A label too close to the beginning of a day is left out; two crowded labels of the same kind need a larger step.
    const strong = ticks.filter((tick) => tick.strong)
    const isCrowded = [strong, ticks].some((list) =>
      list.some((tick, at) => list[at + 1]?.strong === tick.strong && room(tick, list[at + 1]!) < least),
    )
    if (!isCrowded) return ticks.filter((tick, at) => tick.strong || !nearStrong(ticks, at, room))
  }
  return []
}

function ticksOf(locals: Local[], step: Step): TimeTick[] {
  const ticks: TimeTick[] = []
  let last = locals[0]
  for (const [index, local] of locals.entries()) {
    const before = locals[index - 1]
    if (!before || step.number(before) === step.number(local)) continue
    const { larger } = step
    const strong = larger !== undefined && last !== undefined && larger.number(last) !== larger.number(local)
    ticks.push({ index, text: strong ? larger.text(local) : step.text(local), strong })
    last = local
  }
  return ticks
}

function nearStrong(ticks: TimeTick[], at: number, room: (a: TimeTick, b: TimeTick) => number): boolean {
  const [before, tick, after] = [ticks[at - 1], ticks[at]!, ticks[at + 1]]
  return (
    (before?.strong === true && room(before, tick) < least) || (after?.strong === true && room(tick, after) < least)
  )
}

/** Converts moments to a time zone. */
function localIn(timeZone: string): (at: Date) => Local {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (at) => {
    // `11/20/2026, 14:05:00`: the numbers have a fixed order.
    const [month = 1, date = 1, fullYear = 1970, hour = 0, minute = 0, second = 0] = format
      .format(at)
      .split(/\D+/)
      .map(Number)
    return {
      year: fullYear,
      month: month - 1,
      date,
      day: Math.floor(Date.UTC(fullYear, month - 1, date) / 86_400_000),
      second: hour * 3600 + minute * 60 + second,
    }
  }
}

/** The columns before which trading paused: the step from the previous column is longer than usual. None for daily columns. */
export function pauses(times: Date[]): number[] {
  const usual = usualGap(times)
  if (usual >= 12 * 3_600_000) return []
  return gapsOf(times).flatMap((gap, index) => (gap > usual * 1.5 ? [index + 1] : []))
}

const gapsOf = (times: Date[]) => times.slice(1).map((at, index) => at.getTime() - times[index]!.getTime())

/** The median step between columns, in milliseconds. */
function usualGap(times: Date[]): number {
  const gaps = gapsOf(times).sort((a, b) => a - b)
  return gaps[Math.floor(gaps.length / 2)] ?? 0
}
