import { durationText } from '../../../base/format.ts'
import { type QueueEntry, queueOf } from '../../../strategies/runs/queue.ts'
import { titleOf } from '../../wording/strategies/names.ts'
import { barText } from '../../wording/strategies/progress.ts'
import type { Hearing } from '../command.ts'
import { isSeen } from './run-meant.ts'

/** The runs of everybody that work or wait, in order; those of others without their parameters. */
export async function queueText(hearing: Hearing): Promise<string> {
  const { parts } = hearing
  const now = parts.clock.now()
  const { places } = parts.runs
  const queue = await queueOf(parts.db, { sees: (run) => isSeen(hearing, run), places, now })
  if (queue.length === 0) return '🔎 No run is open.\n💡 `screen` starts one'
  const own = queue.find((one) => one.number !== undefined)
  return [
    `🔎 QUEUE (${places} at once)`,
    ...queue.map((one) => lineOf(one, now)),
    ...(own ? [`💡 \`cancel run ${own.number}\` ends yours`] : []),
  ].join('\n')
}

function lineOf(entry: QueueEntry, now: Date): string {
  const { number, strategy, state, position, priority, progressPercent, expectedStart, expectedEnd } = entry
  const whose = number === undefined ? 'somebody else’s' : `run ${number}`
  const until = (at: Date) => durationText(Math.max(0, at.getTime() - now.getTime()))
  const how =
    state === 'queued'
      ? [
          position === 0 ? 'starts now' : `place ${position}`,
          ...(expectedStart && position > 0 ? [`starts in about ${until(expectedStart)}`] : []),
        ]
      : [
          barText(progressPercent),
          ...(expectedEnd && state !== 'cancelling' ? [`ends in about ${until(expectedEnd)}`] : []),
        ]
  return [`${titleOf(strategy)} (${whose})`, ...how, ...(priority === 'normal' ? [] : [`${priority} priority`])].join(
    ' · ',
  )
}
