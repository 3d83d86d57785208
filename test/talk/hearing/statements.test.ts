import { expect } from 'vitest'
import { roundTripsOf } from '../../bench/round-trips.ts'
import { deskTest } from '../../support/desk-test.ts'

const { test, desk } = deskTest({ worker: false })
test.beforeAll(() => desk.say('long BYND 300 @ 1'))

/** The statements that hearing a message sends to Postgres. */
async function statementsOf(text: string, addressed: boolean): Promise<string[]> {
  const trips = await roundTripsOf(() => desk.hear(text, { addressed }))
  // The notice of the position that was recorded before goes out a little later.
  return trips.flatMap((trip) => (trip.to === 'postgres' && !/pg_notify/.test(trip.text) ? [trip.text.trim()] : []))
}

// The order matters: the question of one case is open for the next.
test.each([
  ['pl', true, 9],
  ['pl', false, 9],
  ['what do you think about lunch', false, 0],
  ['use caution', false, 2],
  ['use paper', false, 5],
  ['peel off a third of bynd', false, 4],
  ['maybe', false, 3],
  ['2', false, 3],
])('hearing `%s`, said to the desk: %s, takes %i statements at most', async (text, addressed, most) => {
  const statements = await statementsOf(text, addressed)
  expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(most)
  expect(statements.filter((statement) => statement.includes('from member_identities')).length).toBeLessThanOrEqual(1)
})
