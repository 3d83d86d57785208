import { MailFault } from '../../../infra/mail/mailer.ts'
import { emailsOf } from '../../../trading/accounts/rows/emails.ts'
import { queueNotice } from '../../../trading/events/queue-notice.ts'
import { wakeReplies } from '../../../trading/parts.ts'
import type { StrategyParts } from '../../parts.ts'
import type { RunNotice } from '../notices.ts'
import { type Notification, noteNotification, takeNotifications } from '../rows/notifications.ts'
import { runById } from '../rows/runs.ts'
import type { Run } from '../rules/run.ts'
import { endedRun } from '../tell-end.ts'
import { directConversation } from './direct.ts'
import { mailOf } from './mail.ts'
import { callWebhook } from './webhook.ts'
import { webhookBody } from './webhook-body.ts'

/** Milliseconds after which another process sends what this one has taken and not sent. */
const takenMs = 60_000
/** The waits between attempts, in milliseconds; after the last one it is given up. */
const backoffMs = [5000, 60_000, 5 * 60_000, 30 * 60_000]
const atOnce = 10

/** Sends what is due to addresses outside of chat. A receiver may get it twice, under the same id; what is given up is told in chat, once. */
export async function sendDue(parts: StrategyParts): Promise<void> {
  const due = await takeNotifications(parts.db, takenMs, atOnce)
  await Promise.all(due.map((one) => send(parts, one)))
}

async function send(parts: StrategyParts, due: Notification): Promise<void> {
  const { db, log } = parts
  const { id, attempts } = due
  const run = await runById(db, due.run)
  if (!run) return
  try {
    await (due.target === 'email' ? sendMail(parts, run, id) : sendWebhook(parts, run, due))
    await noteNotification(db, id, { sent: true })
  } catch (cause) {
    const because = cause instanceof Error ? cause.message : String(cause)
    const isFinal = cause instanceof MailFault && cause.isFinal
    const againMs = isFinal ? undefined : backoffMs[attempts - 1]
    const ids = { run: run.id, notification: id, attempts, is_given_up: againMs === undefined }
    log.warn({ err: cause, ...ids }, 'the end of a run was not told outside of chat')
    if (againMs !== undefined) await noteNotification(db, id, { because: because.slice(0, 300), againMs })
    else await giveUp(parts, run, due, because)
  }
}

async function sendMail(parts: StrategyParts, run: Run, id: number): Promise<void> {
  const { db, runs } = parts
  const { address } = await emailsOf(db, run.memberId)
  if (address === undefined) throw new MailFault('you have no confirmed address any more', true)
  if (!runs.mailer) throw new MailFault('this desk sends no mail any more', false)
  const { text } = parts.wording({ kind: 'run.told', ...(await endedRun(db, run, runs)) })
  await runs.mailer.send(mailOf(text, address, `${run.runId}-${id}`))
}

async function sendWebhook({ db, clock, runs }: StrategyParts, run: Run, { id, target }: Notification): Promise<void> {
  const { secret, allowsPrivate } = runs.targets
  if (secret === undefined) throw new Error('WEBHOOK_SECRET is not set any more')
  const body = JSON.stringify(webhookBody(await endedRun(db, run, runs)))
  const url = target.slice('webhook:'.length)
  await callWebhook({ url, body, secret, delivery: `${run.runId}-${id}`, at: clock.now(), allowsPrivate })
}

/** Gives a message up and tells its member, once: where the run is told, else in a direct message. */
async function giveUp(parts: StrategyParts, run: Run, due: Notification, because: string): Promise<void> {
  const conversation = await parts.db.transaction().execute(async (trx) => {
    const isMine = await noteNotification(trx, due.id, { because: because.slice(0, 300) })
    const conversationId = isMine ? (run.conversationId ?? (await directConversation(trx, run.memberId))) : undefined
    if (conversationId === undefined) return undefined
    const to = { conversationId, accountId: run.accountId, at: parts.clock.now() }
    const { attempts, target } = due
    const by = target === 'email' ? ('email' as const) : ('webhook' as const)
    await queueNotice<RunNotice>(
      trx,
      parts,
      to,
      { kind: 'run.untold', run, by, because: plainly(because), attempts },
      'outbox',
    )
    return conversationId
  })
  if (conversation !== undefined) await wakeReplies(parts, [conversation])
}

/** A fault in words: those of the system name a code and addresses of this machine. */
function plainly(because: string): string {
  const [code] = /\bE[A-Z]{4,}\b/.exec(because) ?? []
  if (because.startsWith('the ') || because.startsWith('you ') || because.startsWith('this ')) return because
  return code === undefined ? 'it did not answer' : `it could not be reached (${code})`
}
