import type { Desk } from '../../src/desk.ts'

/** A recorded chunk: the conversation of its scaleout, and the time at which Postgres confirmed the commit. */
export interface Commit {
  conversationId: number
  /** Milliseconds since the epoch. */
  at: number
}

/**
 * Records the time of the desk's first action after it has recorded a chunk: it wakes the outbox of the thread. Nothing else
 * may wake outboxes meanwhile, so call it when all scaleouts are started, and keep the sweep away.
 */
export function watchCommits({ parts }: Desk): Commit[] {
  const commits: Commit[] = []
  const { replies } = parts.queues
  parts.queues.replies = (door, conversationId, delayMs) => {
    commits.push({ conversationId, at: Date.now() })
    return replies(door, conversationId, delayMs)
  }
  return commits
}
