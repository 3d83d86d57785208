import { Refusal } from '../chat/refusal.ts'
import { eventText } from '../events/desk-event.ts'
import { lastEvents } from '../ledger/events.ts'
import { endedScaleouts, runningScaleouts, type Scaleout } from '../ledger/scaleouts.ts'
import { durationText, momentText, profitText, progressText, quantityText } from '../trading/format.ts'
import { type Command, say } from './command.ts'
import { knownSymbol } from './symbol.ts'

/** So many events of a symbol can be read back. */
const eventsKept = 50
const scaleoutsShown = 10

export const listTasks: Command = {
  usage: 'tasks',
  example: 'tasks',
  detail: 'Every scaleout that runs for you, how far it is and how long it still takes.',
  needs: 'viewer',
  options: [],
  async run({ parts, speaker }) {
    const running = await runningScaleouts(parts.db, speaker.accountId)
    if (running.length === 0) return say('💤 Nothing runs in the background.\n💡 `history` shows what ran before')
    const now = parts.clock.now().getTime()
    const lines = running.map((scaleout) => {
      const left =
        scaleout.state === 'paused'
          ? 'paused, trying again'
          : `${durationText(Math.max(1000, scaleout.endsAt.getTime() - now))} left`
      return `🔄 ${titleOf(scaleout)} ${progressText(scaleout.doneChunks, scaleout.chunkCount)} · ${doneOf(scaleout)} · ${left}`
    })
    return say(['⏱️ RUNNING TASKS', ...lines].join('\n'))
  },
}

export const showHistory: Command = {
  usage: 'history [SYMBOL]',
  example: 'history BYND',
  detail: `The last ${scaleoutsShown} scaleouts and how they ended. With a symbol: its last ${eventsKept} events.`,
  needs: 'viewer',
  options: [{ name: 'symbol', type: 'symbol', description: 'Events of this symbol' }],
  async run({ parts, speaker }, given) {
    if (given.symbol) {
      const symbol = knownSymbol(parts.market, given.symbol)
      if (symbol instanceof Refusal) return symbol
      const events = await lastEvents(parts.db, speaker.accountId, symbol, eventsKept)
      if (events.length === 0) return say(`📜 Nothing happened in ${symbol} yet.`)
      return say(
        [`📜 HISTORY - ${symbol}`, ...events.map((event) => `${momentText(event.at)} · ${eventText(event)}`)].join(
          '\n',
        ),
      )
    }
    const ended = await endedScaleouts(parts.db, speaker.accountId, scaleoutsShown)
    if (ended.length === 0) return say('📜 No scaleout has ended yet.\n💡 `history BYND` shows the events of a symbol')
    return say(['📜 HISTORY', ...ended.map(endedLine)].join('\n'))
  },
}

const titleOf = (scaleout: Scaleout) => `${scaleout.symbol} ${scaleout.speed.toUpperCase()}`

function doneOf(scaleout: Scaleout): string {
  const done = scaleout.side === 'sell' ? 'sold' : 'bought back'
  return `${quantityText(scaleout.soldQuantity)} of ${quantityText(scaleout.totalQuantity)} ${done}`
}

function endedLine(scaleout: Scaleout): string {
  const how = { complete: '🎉 complete', cancelled: '🛑 cancelled', stopped: '⚠️ stopped', running: '', paused: '' }[
    scaleout.state
  ]
  const because = scaleout.endedBecause ? ` (${scaleout.endedBecause})` : ''
  return `${momentText(scaleout.endedAt ?? scaleout.startedAt)} · ${titleOf(scaleout)} ${how}${because} · ${doneOf(scaleout)} · P&L ${profitText(scaleout.realizedPnl)}`
}
