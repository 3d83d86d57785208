import type { Logger } from 'pino'
import { z } from 'zod'
import type { Notices } from './notices.ts'

const positionsChannel = 'deskhand_positions'
const scheduledChannel = 'deskhand_scheduled'

const announcement = z.coerce.number().int().positive()

interface Announcing {
  notices: Notices
  log: Logger
}

/**
 * Says that a position, or what protects it, has changed, so that monitors in all processes look at it again. Called
 * after commit. Whoever misses it reads all positions now and then, so a failure is only logged.
 */
export async function announcePosition({ notices, log }: Announcing, positionId: number): Promise<void> {
  try {
    await notices.send(positionsChannel, String(positionId))
  } catch (cause) {
    log.warn({ err: cause, position_id: positionId }, 'a change of a position was not called out; the sweep finds it')
  }
}

/**
 * Calls `changed` with the id of each position that is announced, and `missed` when announcements may have been lost:
 * look at everything again. Answers with what ends it.
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

/** Says that an order waits for a price, so that monitors in all processes read them again. Called after commit. */
export async function announceScheduled({ notices, log }: Announcing): Promise<void> {
  try {
    await notices.send(scheduledChannel)
  } catch (cause) {
    log.warn({ err: cause }, 'an order that waits for a price was not called out; the next look finds it')
  }
}

/** Calls `changed` whenever that is said, and when it may have been missed. Answers with what ends it. */
export function hearScheduled(notices: Notices, changed: () => void): () => void {
  return notices.hear(scheduledChannel, changed, changed)
}
