import { Refusal } from '../chat/refusal.ts'
import { wakeReplies } from '../execution/parts.ts'
import { cancelScaleout as cancel } from '../execution/record.ts'
import { lockPosition } from '../ledger/positions.ts'
import { lockRunningScaleout, runningScaleouts } from '../ledger/scaleouts.ts'
import { type Command, choose, numbered } from './command.ts'
import { knownSymbol } from './symbol.ts'

export const cancelScaleout: Command = {
  usage: 'cancel scaleout [SYMBOL]',
  example: 'cancel scaleout BYND',
  detail: 'Ends a running scaleout at once and says what was sold and what is left. What was sold stays sold.',
  needs: 'trader',
  options: [{ name: 'symbol', type: 'symbol', description: 'Which scaleout' }],
  async run({ parts, speaker }, given) {
    const named = given.symbol ? knownSymbol(parts.market, given.symbol) : undefined
    if (named instanceof Refusal) return named
    const running = await runningScaleouts(parts.db, speaker.accountId)
    const meant =
      running.find((scaleout) => scaleout.symbol === (named ?? speaker.symbol)) ??
      (named === undefined && running.length === 1 ? running[0] : undefined)
    if (!meant && (named || running.length === 0)) return noScaleout(named)
    if (!meant) {
      const lines = numbered(
        running.map((scaleout) => `${scaleout.symbol} - ${scaleout.doneChunks}/${scaleout.chunkCount} chunks done`),
      )
      const choices = running.map(({ symbol }) => ({ value: symbol, label: symbol }))
      return choose('symbol', 'Which scaleout?', `❓ Which scaleout should end?\n${lines}`, choices, given)
    }
    const ended = await parts.db.transaction().execute(async (trx) => {
      const position = await lockPosition(trx, meant.positionId)
      const scaleout = await lockRunningScaleout(trx, position.id)
      if (!scaleout) return noScaleout(meant.symbol)
      return cancel(trx, scaleout, position, 'as you asked', parts.clock.now(), 'door', speaker.conversationId)
    })
    if (ended instanceof Refusal) return ended
    await wakeReplies(
      parts,
      ended.conversations.filter((id) => id !== speaker.conversationId),
    )
    return { replies: [ended.reply] }
  },
}

function noScaleout(symbol?: string): Refusal {
  return new Refusal(
    'NO_SCALEOUT',
    `No scaleout is running${symbol ? ` for ${symbol}` : ''}.`,
    '`history` shows the ones that ended',
  )
}
