import { Refusal } from '../../../base/refusal.ts'
import { type RunPage, runOf, runsOf } from '../../../strategies/runs/rows/runs.ts'
import type { Run } from '../../../strategies/runs/rules/run.ts'
import type { Hearing } from '../command.ts'

/** The number of a run in words: `12`, `run 12`, `#12`; undefined when they name none. */
export function runNumberIn(words: string): number | undefined {
  const [, digits] = /^(?:the )?(?:run )?#?(\d{1,9})$/.exec(words) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** The runs of the member that the speaker may see, the newest first: a program sees those of its one account, and of none. */
export function runsSeen({ parts, speaker, byProgram }: Hearing, page: RunPage): Promise<Run[]> {
  return runsOf(parts.db, speaker.memberId, { ...page, ...(byProgram && { accountId: speaker.accountId }) })
}

/** May the speaker see a run? */
export function isSeen({ speaker, byProgram }: Pick<Hearing, 'speaker' | 'byProgram'>, run: Run): boolean {
  if (run.memberId !== speaker.memberId) return false
  return !byProgram || run.accountId === undefined || run.accountId === speaker.accountId
}

/** The member's run of this number, or the last one without a number; a refusal when there is none. */
export async function runMeant(hearing: Hearing, number: number | undefined): Promise<Run | Refusal> {
  const { parts, speaker } = hearing
  if (number === undefined) {
    const [last] = await runsSeen(hearing, { most: 1 })
    return last ?? new Refusal('NO_SUCH_RUN', 'You have no runs yet.', '`screen` starts one')
  }
  const run = await runOf(parts.db, speaker.memberId, number)
  return run && isSeen(hearing, run)
    ? run
    : new Refusal('NO_SUCH_RUN', `You have no run ${number}.`, '`runs` lists yours')
}

/** The refusal of words behind a command about a run. */
export function whichRun(said: string, example: string): Refusal {
  const sentence = `I did not understand "${said.slice(0, 60)}". Nothing was done.`
  return new Refusal('NOT_UNDERSTOOD', sentence, `For example \`${example}\`; \`runs\` says the numbers`)
}
