import type { Logger } from 'pino'
import { z } from 'zod'
import type { Notices } from './notices.ts'

const positionsChannel = 'deskhand_positions'
const scheduledChannel = 'deskhand_scheduled'
const priceAlertsChannel = 'deskhand_price_alerts'
const eventsChannel = 'deskhand_events'
const runsChannel = 'strategy_runs'
const runWorkChannel = 'strategy_run_work'

const announcement = z.coerce.number().int().positive()

interface Announcing {
  notices: Notices
  log: Logger
}

/**
 * Announces a change of a position or of its protection, so that monitors in all processes read it again. Call it after
 * commit. A failure is only logged: every monitor also reads all positions now and then.
 */
export async function announcePosition({ notices, log }: Announcing, positionId: number): Promise<void> {
  try {
    await notices.send(positionsChannel, String(positionId))
  } catch (cause) {
    log.warn({ err: cause, position_id: positionId }, 'a change of a position was not called out; the sweep finds it')
  }
}

/**
 * Calls `changed` with the id of each announced position, and `missed` when announcements may have been lost: then read
 * everything again. Returns a function that stops it.
 */
export function hearPositions(
  notices: Notices,
  changed: (positionId: number) => void,
  missed: () => void = () => {},
): () => void {
  const heard = (text: string) => {
    const parsed = announcement.safeParse(text)
    if (parsed.success) changed(parsed.data)
  }
  return notices.hear(positionsChannel, heard, missed)
}

/**
 * Announces a change among orders that wait for a price, so that monitors in all processes read them again. Call it after
 * commit.
 */
export async function announceScheduled({ notices, log }: Announcing): Promise<void> {
  try {
    await notices.send(scheduledChannel)
  } catch (cause) {
    log.warn({ err: cause }, 'an order that waits for a price was not called out; the next look finds it')
  }
}

/** Calls `changed` on each such announcement, and when one may have been missed. Returns a function that stops it. */
export function hearScheduled(notices: Notices, changed: () => void): () => void {
  return notices.hear(scheduledChannel, changed, changed)
}

/** Announces a change among price alerts, so that all processes read them again. Call it after commit. */
export async function announcePriceAlerts({ notices, log }: Announcing): Promise<void> {
  try {
    await notices.send(priceAlertsChannel)
  } catch (cause) {
    log.warn({ err: cause }, 'a price alert was not called out; the next look finds it')
  }
}

/** Calls `changed` on each such announcement, and when one may have been missed. Returns a function that stops it. */
export function hearPriceAlerts(notices: Notices, changed: () => void): () => void {
  return notices.hear(priceAlertsChannel, changed, changed)
}

/**
 * Announces that events were appended, a moment later: the transaction that appends them may go on. It is no part of that
 * transaction, as Postgres lets only one transaction with a notice commit at a time, and an exit waits for nobody.
 */
export function announceEvents(notices: Notices): void {
  notices.sendSoon(eventsChannel)
}

/**
 * Calls `appended` on each such announcement, and `missed` when one may have been missed: after each loss of the connection, and
 * when it is first opened. Returns a function that stops it.
 */
export function hearEvents(notices: Notices, appended: () => void, missed: () => void): () => void {
  return notices.hear(eventsChannel, appended, missed)
}

/**
 * Announces a change of a strategy run, so that workers and readers in all processes look at its row. Call it after commit. A failure
 * is only logged: workers look now and then, and so do readers.
 */
export async function announceRun({ notices, log }: Announcing, id: number): Promise<void> {
  try {
    await notices.send(runsChannel, String(id))
  } catch (cause) {
    log.warn({ err: cause, run: id }, 'a change of a run was not called out; the next look finds it')
  }
}

/**
 * The same when workers have something to do, too: the run waits, is to be cancelled, or has ended and its place is free. Progress is
 * none of that, so that a worker is not woken by its own.
 */
export async function announceRunWork({ notices, log }: Announcing, id: number): Promise<void> {
  await announceRun({ notices, log }, id)
  try {
    await notices.send(runWorkChannel, String(id))
  } catch (cause) {
    log.warn({ err: cause, run: id }, 'work on a run was not called out; the next look finds it')
  }
}

/** Calls `wanted` with the id of each run with work, and `missed` when announcements may have been lost. Returns a function that stops it. */
export function hearRunWork(notices: Notices, wanted: (id: number) => void, missed: () => void): () => void {
  return hearIds(notices, runWorkChannel, wanted, missed)
}

/**
 * Calls `changed` with the id of each run that was announced, and `missed` when announcements may have been lost. Returns a function
 * that stops it.
 */
export function hearRuns(notices: Notices, changed: (id: number) => void, missed: () => void = () => {}): () => void {
  return hearIds(notices, runsChannel, changed, missed)
}

function hearIds(notices: Notices, channel: string, heard: (id: number) => void, missed: () => void): () => void {
  return notices.hear(
    channel,
    (text) => {
      const parsed = announcement.safeParse(text)
      if (parsed.success) heard(parsed.data)
    },
    missed,
  )
}
