import { expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'

const { test } = deskTest({ worker: false })
test.beforeEach(({ alice }) => alice.say('long BYND 3750 @ .63'))

test('`close` with a new limit takes back what rests, whatever that is', async ({ alice }) => {
  await alice.say('sell 3000 @ 1.05')
  await alice.say('sell 750 @ 1.10')
  const said = await alice.say('close @ 1.20')
  for (const number of [1, 2]) expect(said).toContain(`✓ CANCELLED order ${number}`)
  expect(said).toContain('✓ LIMIT SELL ORDER 3,750 BYND @ $1.20 (working)')
  expect(await alice.say('orders')).toMatch(/^📋 WORKING ORDERS\n3 · SELL 3,750 BYND @ \$1\.20 .*\n💡/)
})

test.for(['close now', 'close @ 1.20', 'close\n1', 'close all\n1'])(
  '%j takes back what would open it again, and nothing in other symbols',
  async (words, { alice }) => {
    await alice.say('buy 100 @ .90')
    const elsewhere = alice.in(`${alice.thread}-elsewhere`)
    await elsewhere.say('buy 10 AAPL @ 150')
    if (words.startsWith('close all')) await elsewhere.say('long BTC-USD 1 @ 60000')
    let said = ''
    for (const one of words.split('\n')) said = await alice.say(one)
    expect(said).toContain('✓ CANCELLED order 1: LIMIT BUY 100 BYND @ $0.90 (the position is being closed)')
    expect(said).toMatch(/✓ SOLD 3,750 BYND|✓ LIMIT SELL ORDER 3,750 BYND/)
    expect(await alice.say('orders')).toContain('BUY 10 AAPL')
    expect(await alice.say('orders')).not.toContain('BUY 100 BYND')
  },
)

test('`close` says beforehand that it takes back what would open it again; a part of it does not', async ({
  alice,
}) => {
  await alice.say('buy 100 @ .90')
  expect(await alice.say('close')).toMatch(/^🚪 CLOSE LONG 3,750 BYND.*\nIts working orders are taken back first\.\n/)
  await alice.say('no')
  expect(await alice.say('close half')).not.toContain('taken back first')
  expect(await alice.say('1')).toContain('✓ SOLD 1,875 BYND')
  expect(await alice.say('orders')).toContain('BUY 100 BYND')
})
