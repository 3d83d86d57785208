import { momentText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { exchangeZone } from '../../../market/calendar.ts'
import { lastEvents } from '../../../trading/events/rows/events.ts'
import type { HitLevel } from '../../../trading/protection/rows/hit-levels.ts'
import { protectionOfAccount } from '../../../trading/protection/rows/protective-orders.ts'
import { endedTasks, runningTasks } from '../../../trading/scaleouts/rows/tasks.ts'
import { storedText } from '../../wording/event-text.ts'
import { hitText } from '../../wording/levels.ts'
import { type Command, say } from '../command.ts'
import { endedLine, runningLine } from './task-text.ts'

/** The most events of a symbol that the reply can show. */
const eventsKept = 50
const tasksOnPage = 10

export const listTasks: Command = {
  name: 'tasks',
  aliases: ['status'],
  phrases: [
    {
      full: `what is running, what's running, running tasks, background tasks, list tasks, how far is scaleout,
        how's scaleout going, how is scaleout going, what runs`,
      thin: 'progress',
    },
  ],
  description: 'What runs in the background, with progress and time left',
  category: 'Background',
  position: 90,
  effect: 'reads',
  usage: 'tasks',
  example: 'tasks',
  detail:
    'Everything that runs for you: scaleouts, working orders, orders for later; how far each is and how long it still takes. `task 3` shows one in detail.',
  needs: 'viewer',
  account: 'looks',
  options: [],
  async run({ parts, speaker }) {
    const [running, protection] = await Promise.all([
      runningTasks(parts.db, speaker.accountId),
      protectionOfAccount(parts.db, speaker.accountId),
    ])
    const closing = [...protection.values()].flatMap(({ hit = [] }) => hit).map(closingLine)
    if (running.length + closing.length === 0)
      return say('💤 Nothing runs in the background.\n💡 `history` shows what ran before')
    const zone = speaker.timeZone ?? exchangeZone
    const lines = [...closing, ...running.map((task) => runningLine(task, parts.clock, zone))]
    return say(['⏱️ RUNNING TASKS', ...lines].join('\n'))
  },
}

/** A touched level whose close is not done: `🚨 BYND: stop $0.60 HIT, not sold yet; the desk goes on trying · …`. */
const closingLine = (level: HitLevel) =>
  `🚨 ${level.symbol}: ${hitText(level)}; the desk goes on trying · \`close ${level.symbol}\` tries at once, \`${level.kind} ${level.symbol} off\` leaves it open`

export const showHistory: Command = {
  name: 'history',
  aliases: [],
  phrases: [
    {
      full: `past runs, what ran, list history, finished runs, finished tasks, finished jobs, finished scaleouts, completed jobs,
        completed scaleouts`,
    },
  ],
  description: 'What ran before and how it ended',
  category: 'Background',
  position: 100,
  effect: 'reads',
  usage: 'history [PAGE | SYMBOL]',
  example: 'history 2',
  detail: `What ran for you and how it ended, ${tasksOnPage} a page, with P&L and shortfall (what it cost against the price at its start). With a symbol: its last ${eventsKept} events. \`task 3\` shows one run in detail.`,
  needs: 'viewer',
  account: 'looks',
  options: [
    { name: 'symbol', type: 'symbol', description: 'Events of this symbol' },
    { name: 'quantity', type: 'quantity', description: 'Which page' },
  ],
  async run({ parts, speaker }, { words: given, symbol }) {
    const zone = speaker.timeZone ?? exchangeZone
    if (symbol) {
      if (symbol instanceof Refusal) return symbol
      const events = await lastEvents(parts.db, speaker.accountId, symbol, eventsKept)
      if (events.length === 0) return say(`📜 Nothing happened in ${symbol} yet.`)
      const lines = events.map((event) => `${momentText(event.at, zone)} · ${storedText(event)}`)
      return say([`📜 HISTORY - ${symbol}`, ...lines].join('\n'))
    }
    const page = Number(given.quantity ?? '1')
    if (!Number.isSafeInteger(page) || page < 1 || page > 1_000_000) return noPage(given.quantity!)
    const { tasks, total } = await endedTasks(parts.db, speaker.accountId, tasksOnPage, (page - 1) * tasksOnPage)
    if (tasks.length === 0 && page > 1) return noPage(String(page))
    if (tasks.length === 0)
      return say('📜 Nothing has run yet.\n💡 `history BYND` shows the events of a symbol, `trades` your closed trades')
    const pages = Math.ceil(total / tasksOnPage)
    const title = pages > 1 ? `📜 HISTORY (page ${page} of ${pages})` : '📜 HISTORY'
    const on = page < pages ? `\`history ${page + 1}\` goes on, ` : ''
    const hint = `💡 ${on}\`task ${tasks[0]!.number}\` shows one in detail`
    return say([title, ...tasks.map((task) => endedLine(task, zone)), hint].join('\n'))
  },
}

function noPage(page: string): Refusal {
  return new Refusal('NO_PAGE', `There is no page ${page.slice(0, 20)}.`, '`history` shows the first one')
}
