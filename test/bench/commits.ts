import type { Desk } from '../../src/desk.ts'

/** A chunk that was recorded: the conversation of its scaleout, and when Postgres had confirmed the commit. */
export interface Commit {
  conversationId: number
  /** Milliseconds since the epoch. */
  at: number
}

/**
 * Notes when the desk does what it does first after it has recorded a chunk: it wakes the outbox of the thread. Nothing
 * else may wake outboxes meanwhile, so call it when all scaleouts are started and keep the sweep away.
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
