import { csvText } from '../../../base/csv-text.ts'
import { Refusal } from '../../../base/refusal.ts'
import {
  limitName,
  limitOutcome,
  scaleoutName,
  scaleoutOutcomes,
  scheduledOutcomes,
} from '../../../talk/commands/tasks/task-text.ts'
import { type ClosedTrade, closedTrades } from '../../../trading/orders/rows/trades.ts'
import { isLive } from '../../../trading/orders/rules/order-lifecycle.ts'
import { type Task as AnyTask, endedTasks, runningTasks } from '../../../trading/scaleouts/rows/tasks.ts'
import type { Task, Trade } from '../../contract/tasks.ts'
import type { Context, Handlers } from '../context.ts'
import { decimal, instant } from './decimals.ts'
import { asFile, fileName, linesOf } from './files.ts'
import { partOf } from './pages.ts'

export const taskReads: Pick<Handlers, 'tasks' | 'history' | 'tradeLines' | 'tradeTable'> = {
  async tasks({ parts, accountId }, { query }) {
    const part = partOf(query)
    if (part instanceof Refusal) return part
    const { state = 'all' } = query
    const skipped = part.after ?? 0
    const running = state === 'ended' || skipped > 0 ? [] : await runningTasks(parts.db, accountId)
    if (state === 'running') return { items: running.map(taskItem), next: null }
    const { tasks, total } = await endedTasks(parts.db, accountId, part.limit, skipped)
    const shown = skipped + tasks.length
    return { items: [...running, ...tasks].map(taskItem), next: shown < total ? String(shown) : null }
  },
  async history({ parts, accountId }, { query }) {
    const part = partOf(query)
    if (part instanceof Refusal) return part
    const skipped = part.after ?? 0
    const trades = await closedTrades(parts.db, accountId, part.limit + 1, skipped)
    const items = trades.slice(0, part.limit).map(tradeItem)
    return { items, next: trades.length > part.limit ? String(skipped + part.limit) : null }
  },
  async tradeLines(context) {
    const { accountId } = context
    return asFile(fileName(context, 'trades', { accountId, ending: 'jsonl' }), linesOf(await exported(context)))
  },
  async tradeTable(context) {
    const { accountId } = context
    const rows = (await exported(context)).map((trade) => columns.map((name) => trade[name]))
    return asFile(fileName(context, 'trades', { accountId, ending: 'csv' }), csvText(columns, rows))
  },
}

/** The columns of a table of closed trades. */
const columns = [
  ...(['openedAt', 'closedAt', 'symbol', 'direction', 'quantity'] as const),
  ...(['entryPrice', 'exitPrice', 'realizedPnl'] as const),
]

/** Closed trades in one file. */
const mostExported = 10_000

/** The newest closed trades, the oldest of them first. */
async function exported({ parts, accountId }: Context): Promise<Trade[]> {
  return (await closedTrades(parts.db, accountId, mostExported, 0)).map(tradeItem).reverse()
}

function taskItem(task: AnyTask): Task {
  const { number, kind } = task
  if (task.kind === 'scaleout') {
    const { scaleout, endsAt } = task
    return {
      ...{
        number,
        kind,
        id: scaleout.id,
        symbol: scaleout.symbol,
        what: scaleoutName(scaleout),
        state: scaleout.state,
      },
      isRunning: scaleout.endedAt === null,
      progress: scaleout.chunkCount === 0 ? null : scaleout.doneChunks / scaleout.chunkCount,
      realizedPnl: scaleout.realizedPnl.toFixed(),
      outcome: scaleout.endedAt ? (scaleout.endedBecause ?? scaleoutOutcomes[scaleout.state]) : null,
      startedAt: scaleout.startedAt.toISOString(),
      endsAt: endsAt.toISOString(),
      endedAt: instant(scaleout.endedAt),
    }
  }
  if (task.kind === 'order') {
    const { order } = task
    const filled = order.fill?.quantity
    return {
      ...{ number, kind, id: order.id, symbol: order.symbol, what: limitName(order), state: order.state },
      isRunning: isLive(order),
      progress: filled ? filled.div(order.quantity).toNumber() : 0,
      realizedPnl: decimal(order.fill?.realizedPnl),
      outcome: isLive(order) ? null : limitOutcome(order),
      startedAt: order.createdAt.toISOString(),
      endsAt: instant(order.expiresAt),
      endedAt: instant(order.endedAt),
    }
  }
  const { scheduled } = task
  const isRunning = scheduled.state === 'waiting' || scheduled.state === 'running'
  return {
    ...{
      number,
      kind,
      id: scheduled.id,
      symbol: scheduled.symbol ?? null,
      what: scheduled.what,
      state: scheduled.state,
    },
    isRunning,
    progress: null,
    realizedPnl: null,
    outcome: isRunning ? null : (scheduled.outcome ?? scheduledOutcomes[scheduled.state]),
    startedAt: scheduled.createdAt.toISOString(),
    endsAt: instant(scheduled.at?.due ?? scheduled.until?.expires),
    endedAt: instant(scheduled.endedAt),
  }
}

function tradeItem({ symbol, isLong, entry, exit, realized, opened, closed }: ClosedTrade): Trade {
  return {
    symbol,
    direction: isLong ? 'LONG' : 'SHORT',
    quantity: decimal(entry?.quantity),
    entryPrice: decimal(entry?.price),
    exitPrice: decimal(exit?.price),
    realizedPnl: realized.toFixed(),
    openedAt: opened.toISOString(),
    closedAt: closed.toISOString(),
  }
}
