import { randomInt } from 'node:crypto'
import { MailFault } from '../../../infra/mail/mailer.ts'
import { type DueCode, keepCode, noteCode, takeDueCodes } from '../../../trading/accounts/rows/emails.ts'
import { queueNotice } from '../../../trading/events/queue-notice.ts'
import { wakeReplies } from '../../../trading/parts.ts'
import type { StrategyParts } from '../../parts.ts'
import type { RunNotice } from '../notices.ts'
import { mailOf } from './mail.ts'

/** Milliseconds after which another process sends what this one has taken and not sent. */
const takenMs = 60_000
/** The waits between attempts, in milliseconds: a person waits for the code, so they are short. */
const backoffMs = [5000, 30_000, 2 * 60_000]
const atOnce = 10

/** Sends the codes by which members confirm their addresses. A code is made when it is sent, so no row has one; each attempt has another. */
export async function sendCodes(parts: StrategyParts): Promise<void> {
  if (!parts.runs.mailer) return
  const due = await takeDueCodes(parts.db, takenMs, atOnce)
  await Promise.all(due.map((one) => send(parts, one)))
}

async function send(parts: StrategyParts, due: DueCode): Promise<void> {
  const { db, runs, log } = parts
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  try {
    if (!(await keepCode(db, due, code))) return
    const { text } = parts.wording({ kind: 'email.code', code })
    await runs.mailer!.send(
      mailOf(text, due.address, `code-${due.memberId}-${due.attempts}-${parts.clock.now().getTime()}`),
    )
    await noteCode(db, due, 'sent')
  } catch (cause) {
    const againMs = cause instanceof MailFault && cause.isFinal ? undefined : backoffMs[due.attempts - 1]
    const ids = { member: due.memberId, attempts: due.attempts, is_given_up: againMs === undefined }
    log.warn({ err: cause, ...ids }, 'a code was not sent by mail')
    if (againMs === undefined) await giveUp(parts, due, cause)
    else await noteCode(db, due, { againMs })
  }
}

async function giveUp(parts: StrategyParts, due: DueCode, cause: unknown): Promise<void> {
  const { conversationId } = due
  const because = cause instanceof MailFault ? cause.message : 'something in the desk failed'
  const isTold = await parts.db.transaction().execute(async (trx) => {
    if (!(await noteCode(trx, due, 'given up')) || conversationId === undefined) return false
    const at = parts.clock.now()
    await queueNotice<RunNotice>(trx, parts, { conversationId, at }, { kind: 'email.undelivered', because }, 'outbox')
    return true
  })
  if (isTold) await wakeReplies(parts, [conversationId!])
}
