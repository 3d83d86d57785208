import { expect } from 'vitest'
import type { Reply } from '../../src/talk/chat/reply.ts'
import { apiTest, signIn } from './serve.ts'

const { test, market } = apiTest()

test('a question of the guardian is answered on the page once, and goes in chat', async ({ api, desk, alice, bob }) => {
  market.set('BYND', '0.63')
  await alice.say('long BYND 3750 @ .63')
  await alice.say('stop .55')
  const [page, other] = [await signIn(api, alice), await signIn(api, bob)]
  market.set('BYND', '0.561')
  const open = async () => (await page.get('/api/questions')).body.items
  await expect.poll(open).toHaveLength(1)
  const [question] = await open()
  expect(question).toMatchObject({ symbol: 'BYND', isYours: true, title: 'Guardian: BYND' })
  expect(question.choices.map(({ value }: { value: string }) => value)).toEqual(['EXIT', 'TRAIL_STOP', 'HOLD'])
  expect((await page.get('/api/figures')).body.questions).toBe(1)

  const path = `/api/questions/${question.id}/answer`
  expect((await other.post(path, { choice: 'EXIT' })).status).toBe(404)
  const { status, body } = await page.post(path, { choice: 'TRAIL_STOP' })
  expect([status, body.said.join()]).toEqual([200, expect.stringContaining('TRAIL 2% — BYND')])
  expect(await open()).toEqual([])
  const again = await page.post(path, { choice: 'EXIT' })
  expect(again).toMatchObject({ status: 409, body: { code: 'QUESTION_CLOSED' } })
  expect(again.body.message).toContain('you answered it with TRAIL STOP')
  expect((await page.get('/api/decisions')).body.items).toMatchObject([{ state: 'acted', chosen: 'TRAIL_STOP' }])
  expect((await page.get('/api/positions')).body.items[0].stop.trail).toMatchObject({ share: '0.02' })

  // The thread hears what was done, with the question whose buttons go; the answer in chat comes too late.
  const inThread = () => desk.posted.filter(({ place }) => place.thread === alice.thread).map(({ text }) => text)
  await expect.poll(() => inThread().join('\n')).toContain('✓ TRAIL 2% — BYND')
  const rows = await desk.desk.parts.db.selectFrom('replies').select('body').execute()
  const settled = rows.flatMap(({ body: kept }) => (kept as Reply).settled ?? [])
  const decision = await desk.desk.parts.db
    .selectFrom('guardian_decisions')
    .select('event_id')
    .where('id', '=', question.id)
    .executeTakeFirstOrThrow()
  expect(settled).toEqual([`guardian-${decision.event_id}`])
  const late = await alice.say('1')
  expect(late).toContain('The question of `guardian` is over')
  expect((await page.get('/api/positions')).body.items[0].quantity).toBe('3750')
})
