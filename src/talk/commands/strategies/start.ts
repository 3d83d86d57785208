import { Refusal } from '../../../base/refusal.ts'
import { type RunRequest, requestRun } from '../../../strategies/runs/request-run.ts'
import type { Given } from '../../language/slots.ts'
import { repliesOf } from '../../wording/index.ts'
import { runName } from '../../wording/strategies/names.ts'
import { stateText } from '../../wording/strategies/progress.ts'
import { type Hearing, type Outcome, say } from '../command.ts'
import { askFor, correctionsIn } from './corrections.ts'
import type { ReadScreen } from './read-screen.ts'

/** A screen with its parameters read by their schema. */
export type AskedScreen = ReadScreen & { parameters: Record<string, unknown> }

/** The parts of a request that come from the message: who asks, where it is told, and its id. */
export function requestOf({ speaker, inboundId }: Hearing): Omit<RunRequest, 'strategy' | 'parameters'> {
  const { memberId, accountId, conversationId } = speaker
  return {
    memberId,
    ...(accountId !== 0 && { accountId }),
    conversationId,
    requestId: inboundId,
    origin: 'chat',
    postedBy: 'door',
  }
}

/** Starts a run; the answer is the message that then follows it. */
export async function start(hearing: Hearing, asked: AskedScreen, given: Given): Promise<Outcome> {
  const { strategy, parameters, priority, notify, email, template } = asked
  const started = await startRun(hearing, {
    ...{ strategy: strategy.name, parameters },
    ...(priority && { priority }),
    ...toldBy({ notify, email }),
    ...(template && { templateName: template.name }),
  })
  return started instanceof Refusal ? (askFor(asked, started, correctionsIn(given)) ?? started) : started
}

/** Where the end of a run is told beside its thread, as the words say. */
export function toldBy({ notify, email }: Pick<ReadScreen, 'notify' | 'email'>): Pick<RunRequest, 'notify'> {
  if (!email) return notify ? { notify } : {}
  return { notify: { email, ...(notify && { dm: true }) } }
}

/** Starts a run of a strategy with parameters; refused with the reason. */
export async function startRun(
  hearing: Hearing,
  wanted: Pick<RunRequest, 'kind' | 'strategy' | 'parameters' | 'priority' | 'notify' | 'templateName'>,
): Promise<Outcome> {
  const requested = await requestRun(hearing.parts, { ...requestOf(hearing), ...wanted })
  if (requested instanceof Refusal) return requested
  const { run, told } = requested
  if (told.length > 0) return { replies: repliesOf(told) }
  return say(
    `${run.kind === 'backtest' ? '🧪' : '🔎'} ${runName(run)}: ${stateText(run)}\n💡 \`run ${run.number}\` shows it`,
  )
}
