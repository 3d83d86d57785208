import { expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'

const { test } = deskTest({ worker: false })

test('`buy BYND 1.5` says no quantity: the question says what became of the number', async ({ alice }) => {
  expect(await alice.say('buy BYND 1.5')).toBe(
    '❓ How many BYND do you want to buy?\n💡 BYND trades in whole shares; 1.5 was read as the limit, in dollars',
  )
  expect(await alice.say('1.5')).toContain('BYND trades in whole shares; 1.5 does not fit. Nothing was done.')
  await alice.say('never mind')
  expect(await alice.say('buy 1.5 BYND')).toContain('BYND trades in whole shares; 1.5 does not fit. Nothing was done.')
})

test('orders of more than is free offer what is free, and name what holds the rest', async ({ alice }) => {
  await alice.say('long BYND 2415 @ .63')
  await alice.say('sell 1000 @ 1.50')
  expect(await alice.say('sell 5000')).toBe(
    '⚠️ 1,000 of LONG 2,415 BYND @ $0.63 are on their way out already, so 5,000 cannot be traded. Nothing was done.\n💡 `trim 1415 BYND` takes what is free; `orders` shows what works',
  )
  expect(await alice.say('trim 5000')).toContain('💡 `trim 1415 BYND` takes what is free, or `close BYND`')
  await alice.say('sell 207 @ 1.60')
  expect(await alice.say('trim 2000')).toBe(
    `⚠️ Only 1,208 of 2,415 BYND are free: working order 1 (LIMIT SELL 1,000 BYND @ $1.50), working order 2 (LIMIT SELL 207 BYND @ $1.60) hold the rest. Nothing was done.
💡 \`trim 1208 BYND\` takes what is free; \`cancel 1\` frees 1,000; \`cancel 2\` frees 207; \`close BYND\` takes working orders back by itself`,
  )
  expect(await alice.say('trim 1208 BYND')).toContain('✓ SOLD 1,208 BYND')
  expect(await alice.say('sell 5000')).toContain('💡 Nothing of it is free now; `orders` shows what works')
})
