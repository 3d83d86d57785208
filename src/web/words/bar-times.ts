/** The times of a chart of bars. The chart knows seconds only, and takes midnight in UTC for the beginning of a day. */
export interface BarTimes {
  /** A moment in ISO 8601, in seconds on the chart: days begin at the member's midnight there. A demonstration has parts of one. */
  stampOf(at: string): number
  /** The name below the axis; `isDay` where a day begins. */
  tick(stamp: number, isDay: boolean): string
  /** The name at the cross-hair. */
  full(stamp: number): string
}

export interface BarTimesOptions {
  /** The length of a bar in minutes of the market. */
  minutes: number
  /** The member's time zone. */
  zone: string
  /** A present moment, in milliseconds: the zone's distance from UTC is that of this day, so that no hour is there twice. */
  now: number
  /** Bars are shorter than a minute of the clock. */
  hasSeconds?: boolean
}

/** `Nov 30`, of a bar that is one day of the market: the date by which it is called, whatever zone the member is in. */
export const dayOfBar = (at: string | number): string => utcDay.format(new Date(at))
const utcDay = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'short', day: 'numeric' })

/** The times of bars of a length, in a zone; `nameOf` gives the date of a bar that is a day by its stamp. */
export function barTimes(
  { minutes, zone, now, hasSeconds = false }: BarTimesOptions,
  nameOf: (stamp: number) => string | undefined = () => undefined,
): BarTimes {
  const isOfDays = minutes >= 1440
  const shift = isOfDays ? 0 : secondsFromUtc(zone, now)
  const day = new Intl.DateTimeFormat('en-US', { timeZone: zone, month: 'short', day: 'numeric' })
  const clock = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    ...(hasSeconds && { second: '2-digit' }),
  })
  const moment = (stamp: number) => new Date((stamp - shift) * 1000)
  const dayName = (stamp: number) => dayOfBar(nameOf(stamp) ?? stamp * 1000)
  return {
    stampOf: (at) => Date.parse(at) / 1000 + shift,
    tick: (stamp, isDay) => (isOfDays ? dayName(stamp) : (isDay ? day : clock).format(moment(stamp))),
    full: (stamp) => (isOfDays ? dayName(stamp) : `${day.format(moment(stamp))} ${clock.format(moment(stamp))}`),
  }
}

function secondsFromUtc(zone: string, at: number): number {
  const { value } = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find(({ type }) => type === 'timeZoneName')!
  const [, sign, hours, minutes = '0'] = /GMT([+-])(\d+):?(\d+)?/.exec(value) ?? []
  if (!sign) return 0
  return (sign === '-' ? -60 : 60) * (Number(hours) * 60 + Number(minutes))
}
