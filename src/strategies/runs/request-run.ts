import { Refusal } from '../../base/refusal.ts'
import { announceRunWork } from '../../infra/db/announce.ts'
import type { Db, Trx } from '../../infra/db/client.ts'
import { emailsOf } from '../../trading/accounts/rows/emails.ts'
import { queueNotice } from '../../trading/events/queue-notice.ts'
import type { PostedBy } from '../../trading/events/rows/replies.ts'
import type { QueuedNotice } from '../../trading/notice.ts'
import { wakeReplies } from '../../trading/parts.ts'
import type { StrategyParts } from '../parts.ts'
import { universeOf } from '../universes/universe.ts'
import type { RunKind } from './kind.ts'
import type { RunNotice } from './notices.ts'
import { readTargets, type Wanted } from './notify/targets.ts'
import { readParameters } from './parameters.ts'
import { turnOf } from './queue.ts'
import { onlyTraders, queueFull, unknownStrategy } from './refusals.ts'
import { lockQueue, notePost, openRuns, runById, runOfRequest, saveRun } from './rows/runs.ts'
import type { Priority, Run, RunKindName, RunOrigin } from './rules/run.ts'
import { refuseOverBudget } from './within-budget.ts'
import { allWrong } from './wrong-parts.ts'

/** A run that somebody asks for. */
export interface RunRequest {
  memberId: number
  /** The account whose positions or watchlist it goes over, and for which its buttons act. */
  accountId?: number
  /** Where it is told; without it only those who look follow it. */
  conversationId?: number
  /** The poster of the first message in the conversation; the outbox by default. */
  postedBy?: PostedBy
  /** Asked for twice under one id, it is one run. */
  requestId: string
  origin: RunOrigin
  /** A screen, unless another kind is said. */
  kind?: RunKindName
  /** The name of the strategy, or one of its aliases. */
  strategy: string
  /** Typed values, or words from chat. Absent ones get their defaults. */
  parameters: Record<string, unknown>
  priority?: Priority
  /** Told outside of its thread when it ends: `true` is a direct message. */
  notify?: Wanted
  /** A bound on its work in seconds, below the one of the desk. */
  maxSeconds?: number
  templateName?: string
  scheduleId?: number
  /** When its schedule was due, where that is long enough ago to be said. */
  due?: { at: Date; zone: string }
  /** The targets of its schedule, as its row keeps them; they were read before. */
  targets?: string[]
  /** Symbols that the market does not know are left out, as of a list; else they are refused. */
  lenient?: boolean
}

/** A run that was asked for. */
export interface RequestedRun {
  run: Run
  /** 0 starts now; 1 is the next after those. */
  position: number
  expectedStart: Date
  /** It was asked for before, under the same id. */
  isRepeat: boolean
  /** The message that follows it; none for a repeat, and where nobody is told. */
  told: QueuedNotice<RunNotice>[]
}

/**
 * Queues a run of a strategy. Refused with `UNKNOWN_STRATEGY`, `WRONG_PARAMETER` (which names the field and its range), `EMPTY_UNIVERSE`,
 * `UNKNOWN_SYMBOLS`, `NO_SUCH_LIST`, `TOO_MANY_SYMBOLS`, `OVER_REQUEST_BUDGET`, `WRONG_TARGET`, `NOT_ALLOWED` (a viewer's high priority) or `QUEUE_FULL`; then nothing was started.
 */
export async function requestRun(parts: StrategyParts, request: RunRequest): Promise<RequestedRun | Refusal> {
  const { db } = parts
  const before = await runOfRequest(db, request.requestId)
  if (before) return repeated(parts, before)
  const ready = await prepareRun(parts, request)
  if (ready instanceof Refusal) return ready
  const done = await db.transaction().execute(async (trx) => {
    await lockQueue(trx)
    const meanwhile = await runOfRequest(trx, request.requestId)
    if (meanwhile) return { meanwhile }
    const full = await refuseIfFull(trx, parts, 1)
    return full ?? queueRun(trx, parts, ready, request.postedBy ?? 'outbox')
  })
  if (done instanceof Refusal) return done
  if ('meanwhile' in done) return repeated(parts, done.meanwhile)
  await announceRunWork(parts, done.run.id)
  if (request.postedBy !== 'door' && request.conversationId !== undefined) {
    await wakeReplies(parts, [request.conversationId])
  }
  return done
}

/** A request with its parameters read, its universe looked at and its bounds known. */
export type ReadyRun = Omit<RunRequest, 'kind' | 'notify' | 'priority'> & {
  kind: RunKindName
  notify: string[]
  priority: Priority
  timeLimitMs: number
  sweepId?: number
}

/** Checks all of a request that needs no place in the queue. */
export async function prepareRun(parts: StrategyParts, request: RunRequest): Promise<ReadyRun | Refusal> {
  const kind = parts.runs.kinds[request.kind ?? 'screen']
  const strategy = kind.named(request.strategy)
  if (!strategy) return unknownOf(kind, request.strategy)
  const parameters = readParameters(strategy, request.parameters)
  if (parameters instanceof Refusal) return allWrong(parts, strategy, request, parameters)
  if (request.priority === 'high' && !(await mayGoFirst(parts.db, request.memberId))) return onlyTraders()
  const universe = await universeOf(parts, { accountId: request.accountId, parameters }, request)
  if (universe instanceof Refusal) return universe
  const short = await refuseOverBudget(parts.runs.bars, universe.symbols)
  if (short) return short
  const notify =
    request.targets ??
    (await readTargets(request.notify, parts.runs.targets, () => hasAddress(parts.db, request.memberId)))
  if (notify instanceof Refusal) return notify
  const wantedMs = request.maxSeconds === undefined ? parts.runs.longestMs : request.maxSeconds * 1000
  return {
    ...{ ...request, kind: kind.name, strategy: strategy.name, parameters, notify },
    priority: request.priority ?? 'normal',
    timeLimitMs: Math.max(1000, Math.min(wantedMs, parts.runs.longestMs)),
  }
}

const unknownOf = ({ noun, strategies }: RunKind, named: string) =>
  unknownStrategy(
    named,
    strategies.map(({ name }) => name),
    noun,
  )

async function hasAddress(db: Db, memberId: number): Promise<boolean> {
  return (await emailsOf(db, memberId)).address !== undefined
}

/** May a member's runs go before those of others? A viewer's wait in turn. */
async function mayGoFirst(db: Db, memberId: number): Promise<boolean> {
  const member = await db.selectFrom('members').select('role').where('id', '=', memberId).executeTakeFirst()
  return member !== undefined && member.role !== 'viewer'
}

/** The refusal when fewer than `wanted` runs may still wait. The caller holds the lock of the queue. */
export async function refuseIfFull(trx: Trx, { runs }: StrategyParts, wanted: number): Promise<Refusal | undefined> {
  const open = await openRuns(trx)
  const waiting = open.filter(({ state }) => state === 'queued').length
  // A run that starts at once waits in the queue for a moment only, and takes no place there.
  const free = Math.max(0, runs.places - (open.length - waiting))
  return waiting + wanted > runs.mostWaiting + free ? queueFull(waiting, runs.mostWaiting) : undefined
}

/** Saves a run and queues the message that follows it. */
export async function queueRun(
  trx: Trx,
  parts: StrategyParts,
  ready: ReadyRun,
  postedBy: PostedBy,
): Promise<RequestedRun> {
  const now = parts.clock.now()
  const saved = await saveRun(trx, ready, 'waits for its turn', now)
  const turn = await turnOf(trx, saved, { places: parts.runs.places, now })
  const { position, expectedStart } = turn ?? { position: 0, expectedStart: now }
  // The runs of a sweep are told together.
  if (saved.conversationId === undefined || saved.sweepId !== undefined) {
    return { run: saved, position, expectedStart, isRepeat: false, told: [] }
  }
  const to = { conversationId: saved.conversationId, accountId: saved.accountId, at: now }
  const notice = { kind: 'run.queued' as const, run: saved, position, expectedStart, now }
  const told = await queueNotice<RunNotice>(trx, parts, to, notice, postedBy)
  await notePost(trx, saved.id, told.row)
  return { run: (await runById(trx, saved.id))!, position, expectedStart, isRepeat: false, told: [told] }
}

async function repeated({ db, runs, clock }: StrategyParts, run: Run): Promise<RequestedRun> {
  const now = clock.now()
  const turn = await turnOf(db, run, { places: runs.places, now })
  const { position, expectedStart } = turn ?? { position: 0, expectedStart: run.startedAt ?? now }
  return { run, position, expectedStart, isRepeat: true, told: [] }
}
