import { pictureOf } from '../../../strategies/runs/rows/reports.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import { endedBacktest } from '../../../strategies/runs/tell-end.ts'
import type { Reply } from '../../chat/reply.ts'
import { backtestReply } from '../../wording/strategies/backtest.ts'
import type { Hearing } from '../command.ts'

/** A backtest that has completed, with its figures and its picture; undefined for another run, and for one that has not. */
export async function completedBacktest({ parts }: Pick<Hearing, 'parts'>, run: Run): Promise<Reply | undefined> {
  const { db, runs } = parts
  const backtest = run.kind === 'backtest' ? await endedBacktest(db, run) : undefined
  if (!backtest) return undefined
  const said = backtestReply({ run, market: runs.bars.name, isSimulated: runs.isSimulated }, backtest)
  const { kept, ...reply } = said
  const png = kept && (await pictureOf(db, run.id))
  if (!kept || !png) return reply
  const { run: _, ...about } = kept
  return { ...reply, pictures: [{ ...about, png }] }
}
