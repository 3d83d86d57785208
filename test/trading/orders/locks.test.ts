import { expect } from 'vitest'
import { lockPosition } from '../../../src/trading/positions/rows/positions.ts'
import { raiseAll } from '../../../src/watch/monitor/raise.ts'
import { deskTest } from '../../support/desk-test.ts'
import { protect, touchOf } from '../protection/touched.ts'

const { test, desk } = deskTest({ worker: false })

test('what happens to positions is written while somebody holds them: who closes several does not wait for it, nor it for them', async ({
  alice,
}) => {
  await alice.say('long AAPL 10 @ 190')
  await alice.say('long BYND 100 @ 1.01')
  const held = [
    await protect(desk, alice, 'AAPL', { stop: '150' }),
    await protect(desk, alice, 'BYND', { stop: '0.9' }),
  ]
  const { parts } = desk.desk
  const raised = await parts.db.transaction().execute(async (trx) => {
    for (const { position } of held) await lockPosition(trx, position.id)
    return raiseAll(
      parts,
      held.map((one) => touchOf(one, 'stop', '0.9')),
    )
  })
  expect(raised).toHaveLength(2)
})
