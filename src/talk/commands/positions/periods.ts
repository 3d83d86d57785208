import { sum } from '../../../base/amounts.ts'
import { profitText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { dayAfter, dayIn, exchangeZone, momentOn, weekdayOf } from '../../../base/zone.ts'
import { type PeriodResult, resultsByPeriod } from '../../../trading/orders/rows/trades.ts'
import { type Cell, type Columns, cell, linesIn } from '../../chat/columns.ts'
import { type Command, type Hearing, type Outcome, say } from '../command.ts'

const rule = '━'.repeat(22)
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** The kinds of periods: periods shown when no count is said, and the most. */
const kinds = {
  day: { command: 'daily', title: '📅 DAILY P&L', usual: 10, most: 60, days: 1 },
  week: { command: 'weekly', title: '📅 WEEKLY P&L', usual: 8, most: 52, days: 7 },
} as const
type Period = keyof typeof kinds

const shared = {
  category: 'Positions',
  effect: 'reads',
  needs: 'viewer',
  account: 'looks',
} as const

export const showDaily: Command = {
  ...shared,
  name: 'daily',
  aliases: ['daily p&l', 'daily pnl', 'daily pl'],
  phrases: [
    {
      full: `p&l by day, pnl by day, pl by day, profit by day, results by day, day by day, daily results, daily profit,
        daily report, daily summary, each day`,
    },
  ],
  description: 'What you realized day by day',
  position: 52,
  usage: 'daily [DAYS]',
  example: 'daily 20',
  detail: `Realized P&L of each of the last ${kinds.day.usual} days (up to ${kinds.day.most}) on which you traded or a trade closed, by the exchange's days: fills, closed trades, and the sum, with what was sold of positions that are still open. \`pl today\` has today by symbol.`,
  options: [{ name: 'quantity', type: 'quantity', description: 'Number of days' }],
  run: (hearing, { words: given }) => report(hearing, 'day', given.quantity),
}

export const showWeekly: Command = {
  ...shared,
  name: 'weekly',
  aliases: ['weekly p&l', 'weekly pnl', 'weekly pl'],
  phrases: [
    {
      full: `p&l by week, pnl by week, pl by week, profit by week, results by week, week by week, weekly results,
        weekly profit, weekly report, weekly summary, each week`,
    },
  ],
  description: 'What you realized week by week',
  position: 53,
  usage: 'weekly [WEEKS]',
  example: 'weekly',
  detail: `Realized P&L of each of the last ${kinds.week.usual} weeks (up to ${kinds.week.most}) in which you traded or a trade closed; weeks begin on Monday in New York. \`pl week\` has this week by symbol.`,
  options: [{ name: 'quantity', type: 'quantity', description: 'Number of weeks' }],
  run: (hearing, { words: given }) => report(hearing, 'week', given.quantity),
}

async function report({ parts, speaker }: Hearing, period: Period, said: string | undefined): Promise<Outcome> {
  const { command, title, usual, most, days } = kinds[period]
  const count = Number(said ?? usual)
  if (!Number.isSafeInteger(count) || count < 1 || count > most) {
    const sentence = `\`${command}\` takes a number of ${period}s from 1 to ${most}.`
    return new Refusal('NO_SUCH_SPAN', sentence, `Such as \`${command} ${usual}\``)
  }
  const today = dayIn(parts.clock.now(), exchangeZone)
  const begin = period === 'day' ? today : dayAfter(today, -((weekdayOf(today) + 6) % 7))
  const since = momentOn(dayAfter(begin, -(count - 1) * days), '00:00', exchangeZone)
  const results = await resultsByPeriod(parts.db, speaker.accountId, period, since)
  const span = count === 1 ? (period === 'day' ? 'today' : 'this week') : `the last ${count} ${period}s`
  if (results.length === 0) return say(`${title}\nNothing was traded ${count === 1 ? '' : 'in '}${span}.`)
  const columns = {
    columns: [{ head: period === 'day' ? 'Day' : 'Week' }, ...heads],
    rows: results.map((one) => rowOf(one, period)),
  }
  const total = sum(results.map(({ realized }) => realized))
  const left = results.length < count ? [`${period === 'day' ? 'Days' : 'Weeks'} without a trade are left out.`] : []
  const text = [
    `${title} - ${span}`,
    ...linesIn(columns),
    rule,
    `Realized ${count > 1 ? 'in ' : ''}${span}: ${profitText(total)}`,
    ...left,
  ].join('\n')
  return { replies: [{ text, columns }] }
}

function dayName(day: string, period: Period): string {
  const [year, month, date] = day.split('-')
  const name = `${months[Number(month) - 1]} ${Number(date)}, ${year}`
  return period === 'day' ? `${weekdays[weekdayOf(day)]} ${name}` : `Week of ${name}`
}

const heads: Columns['columns'] = [
  { head: 'Realized', isAmount: true },
  { head: 'Fills', isAmount: true },
  { head: 'Closed', isAmount: true },
  { head: 'Won', isAmount: true },
]

function rowOf({ begins, realized, fills, closed, won }: PeriodResult, period: Period): Cell[] {
  const isClosed = closed > 0
  return [
    cell(dayName(begins, period)),
    cell(profitText(realized), '· '),
    cell(`${fills} ${fills === 1 ? 'fill' : 'fills'}`, '· '),
    cell(isClosed ? `${closed} ${closed === 1 ? 'trade' : 'trades'} closed,` : undefined, '· '),
    cell(isClosed ? `${won} won` : undefined),
  ]
}
