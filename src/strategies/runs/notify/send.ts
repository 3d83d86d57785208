import type { StrategyParts } from '../../parts.ts'
import { type Notification, noteNotification, takeNotifications } from '../rows/notifications.ts'
import { runById } from '../rows/runs.ts'
import { endedRun } from '../tell-end.ts'
import { callWebhook } from './webhook.ts'
import { webhookBody } from './webhook-body.ts'

/** Milliseconds after which another process sends what this one has taken and not sent. */
const takenMs = 60_000
/** The waits between attempts, in milliseconds; after the last one it is given up. */
const backoffMs = [5000, 60_000, 5 * 60_000, 30 * 60_000]
const atOnce = 10

/** Sends what is due to addresses outside of chat. A receiver may get it twice, under the same delivery id. */
export async function sendDue(parts: StrategyParts): Promise<void> {
  const due = await takeNotifications(parts.db, takenMs, atOnce)
  await Promise.all(due.map((one) => send(parts, one)))
}

async function send(parts: StrategyParts, { id, run: runId, target, attempts }: Notification): Promise<void> {
  const { db, log, runs } = parts
  const run = await runById(db, runId)
  if (!run) return
  const { secret, allowsPrivate } = runs.targets
  try {
    if (secret === undefined) throw new Error('WEBHOOK_SECRET is not set any more')
    const body = JSON.stringify(webhookBody(await endedRun(db, run, runs)))
    const url = target.slice('webhook:'.length)
    await callWebhook({ url, body, secret, delivery: `${run.runId}-${id}`, at: parts.clock.now(), allowsPrivate })
    await noteNotification(db, id, { sent: true })
  } catch (cause) {
    const because = cause instanceof Error ? cause.message : String(cause)
    const againMs = backoffMs[attempts - 1]
    await noteNotification(db, id, { because: because.slice(0, 300), againMs })
    const ids = { run: runId, notification: id, attempts, is_given_up: againMs === undefined }
    log.warn({ err: cause, ...ids }, 'a webhook did not take the end of a run')
  }
}
