import pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import type { Poster } from '../../src/talk/chat/door.ts'
import { createDelivery } from '../../src/talk/outbox/deliver.ts'
import { queueReply } from '../../src/trading/events/rows/replies.ts'
import { openTestDesk } from '../support/desk.ts'

test('posting continues at once when the database is back: this process has kept its lease', async () => {
  // A clock that stands still, so that no lease ends.
  const at = new Date()
  const desk = await openTestDesk({ worker: false, clock: { now: () => at, scale: 1 } })
  onTestFinished(() => desk.close())
  const { parts } = desk.desk
  await desk.say('positions')
  const { id } = await parts.db.selectFrom('conversations').select('id').executeTakeFirstOrThrow()
  for (const text of ['one', 'two']) {
    await parts.db.transaction().execute((trx) => queueReply(trx, { conversationId: id, at }, { text }, 'outbox'))
  }
  const posts: { text: string; begunBefore: boolean }[] = []
  const poster: Poster = {
    door: 'slack',
    async post({ reply, place, attemptedAt }) {
      posts.push({ text: reply.text, begunBefore: attemptedAt !== undefined })
      if (posts.length === 1) await allow(desk.databaseUrl, false)
      return { message: `m-${posts.length}`, place }
    },
  }
  const deliver = createDelivery(parts, poster)
  await expect(deliver(id)).rejects.toThrow()
  await allow(desk.databaseUrl, true)
  await deliver(id)
  expect(posts).toEqual([
    { text: 'one', begunBefore: false },
    { text: 'one', begunBefore: true },
    { text: 'two', begunBefore: false },
  ])
})

/** Closes a database to everybody and ends its connections, or opens it again. */
async function allow(url: string, isOpen: boolean): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  const administrator = new pg.Client({ connectionString: inject('postgresUrl') })
  await administrator.connect()
  await administrator.query(`alter database ${name} with allow_connections ${isOpen}`)
  if (!isOpen) {
    await administrator.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  }
  await administrator.end()
}
