import { runChunk } from '../../../src/trading/scaleouts/chunk.ts'
import { waitingChunks } from '../../../src/trading/scaleouts/rows/chunks.ts'
import type { HandClock } from '../../market/hand-clock.ts'
import type { TestDesk } from '../../support/desk.ts'

/**
 * Moves the clock to the chunk that is due next, in any scaleout, and runs it as the worker would. Answers with its
 * number, or undefined when no scaleout runs.
 */
export async function runNextChunk(desk: TestDesk, clock: HandClock): Promise<number | undefined> {
  const { parts } = desk.desk
  const [next] = (await waitingChunks(parts.db)).sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())
  if (!next) return undefined
  clock.set(Math.max(next.dueAt.getTime(), clock.now().getTime()))
  await runChunk(parts, next.id)
  return next.number
}

/** Runs chunk after chunk, each when it is due, until no scaleout runs. */
export async function runToTheEnd(desk: TestDesk, clock: HandClock): Promise<void> {
  while ((await runNextChunk(desk, clock)) !== undefined);
}

/** The posts of jobs in a thread that the outbox has not posted yet, oldest first. */
export async function queued(desk: TestDesk, thread: string): Promise<string[]> {
  const rows = await desk.desk.parts.db
    .selectFrom('replies as r')
    .innerJoin('conversations as c', 'c.id', 'r.conversation_id')
    .select('r.body')
    .where('c.key', '=', `slack:T1:C1:${thread}`)
    .where('r.kind', '=', 'post')
    .where('r.state', '=', 'queued')
    .orderBy('r.id')
    .execute()
  return rows.map(({ body }) => body.text)
}
