import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { queueReply } from '../../src/trading/events/rows/replies.ts'
import { slackPlatform } from './platforms.ts'
import { openScene } from './scene.ts'

const patience = { timeout: 240_000 }

// Slack has no key that would identify a repeated message: only the lease prevents a second one.
test(
  'a poster that stalls between its look and its post, past the end of its lease, posts no second time',
  patience,
  async () => {
    const scene = await openScene(await slackPlatform())
    const { db, platform } = scene
    const { server } = platform
    const stalled = await scene.begin({ roles: ['slack'] })
    await scene.ask('long BYND 10 @ 1', /^✓ LONG/)
    const { id: conversationId } = await db.selectFrom('conversations').select('id').executeTakeFirstOrThrow()
    const queue = (text: string) =>
      db
        .transaction()
        .execute((trx) => queueReply(trx, { conversationId, at: new Date(), urgent: true }, { text }, 'outbox'))

    // An earlier attempt ended without a result: the next poster of the row looks first.
    const look = server.hold('conversations.replies')
    await db.transaction().execute(async (trx) => {
      const { row } = await queueReply(
        trx,
        { conversationId, at: new Date(), urgent: true },
        { text: 'sold' },
        'outbox',
      )
      await trx
        .updateTable('replies')
        .set({ state: 'posting', attempted_at: sql<Date>`now()`, attempts: 1 })
        .where('id', '=', row)
        .execute()
    })
    await look.reached
    stalled.pause()
    look.letGo()

    const other = await scene.begin({ roles: ['slack'] })
    await scene.letPass(16)
    await scene.sees(/^sold$/)
    await other.end()
    stalled.goOn()
    // The stalled process is the only one left, and handles a conversation one reply at a time.
    await queue('and then')
    await scene.sees(/^and then$/)
    expect(
      platform
        .seen()
        .map(({ text }) => text)
        .filter((text) => text === 'sold'),
    ).toEqual(['sold'])
  },
)
