import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Linked, type LinkedDesk, openLinkedDesk } from './linked-desk.ts'

let linked: LinkedDesk
let alice: Linked
beforeEach(async () => {
  linked = await openLinkedDesk({ lostAfterMs: 24_000 })
  linked.price('BYND', '1.00')
  alice = await linked.member()
})
afterEach(() => linked.close())

const db = () => linked.desk.desk.parts.db
const orderNow = () => db().selectFrom('orders').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()
const difficult = () => linked.venue.difficult
const inDoubt = () => linked.until(async () => (await alice.say('doubt')).includes('ORDERS IN DOUBT'))

test('an order that never arrived is asked for, never sent again, and lost only after looks that agree for the whole wait', async () => {
  difficult().scriptCall('submit', { lost: 'request' })
  await alice.say('buy BYND 50 @ 1.02')
  await inDoubt()
  expect(await alice.say('doubt')).toMatch(/Doubt \d+: LIMIT BUY 50 BYND.* was sent .* ago, asked (once|\d+ times)/)
  linked.venue.transfer(alice.account, 'BYND', 50)
  // The units might be a fill of it, so it does not end while nobody has explained them.
  await linked.until(() => linked.posted().includes('BOOKS DIFFER'))
  const since = linked.desk.desk.parts.clock.now().getTime()
  await linked.until(() => linked.desk.desk.parts.clock.now().getTime() > since + 30_000)
  expect((await orderNow()).state).toBe('unknown')
  await alice.say('ignore BYND')
  await linked.until(async () => (await orderNow()).state === 'refused')
  expect(linked.venue.difficult.truth.orders()).toEqual([])
  expect((await orderNow()).times_asked).toBeGreaterThan(3)
})

test('a member ends the doubt: it never arrived, and one that was seen there never counts as lost', async () => {
  difficult().scriptCall('submit', { lost: 'request' })
  await alice.say('buy BYND 50 @ 1.02')
  await inDoubt()
  const { id } = await orderNow()
  for (const asked of ['reconcile', 'doubt']) {
    const shown = await alice.say(asked)
    for (const word of ['ask', 'never', 'arrived']) expect(shown).toContain(`\`doubt ${id} ${word}\``)
  }
  await linked.until(async () => (await alice.say(`doubt ${id} never`)).includes('50 BYND'))
  expect((await orderNow()).state).toBe('refused')
  expect(await alice.say(`doubt ${id} never`)).toContain('its outcome is known')
  expect(await alice.say('doubt')).toContain('No order is in doubt')

  difficult().scriptCall('submit', { lost: 'request' })
  await alice.say('buy BYND 20 @ 1.02')
  await inDoubt()
  const seen = await orderNow()
  expect(await alice.say(`doubt ${seen.id} arrived`)).toContain('NOTED')
  const since = linked.desk.desk.parts.clock.now().getTime()
  await linked.until(() => linked.desk.desk.parts.clock.now().getTime() > since + 30_000)
  expect(await alice.say('doubt')).toContain('you said that it arrived')
  expect(await orderNow()).toMatchObject({ state: 'unknown' })
})
