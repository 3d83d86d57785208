import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'
import type { Someone } from './someone.ts'

const { test } = deskTest({ worker: false })

test('`buy BYND 1.5` says no quantity: the question says what became of the number', async ({ alice }) => {
  expect(await alice.say('buy BYND 1.5')).toBe(
    '❓ How many BYND do you want to buy?\n💡 The desk trades BYND in whole shares; 1.5 was read as the limit, in dollars',
  )
  expect(await alice.say('1.5')).toContain('The desk trades BYND in whole shares; 1.5 does not fit. Nothing was done.')
  await alice.say('never mind')
  expect(await alice.say('buy 1.5 BYND')).toContain(
    'The desk trades BYND in whole shares; 1.5 does not fit. Nothing was done.',
  )
})

test('orders of more than is free offer what is free, and name what holds the rest', async ({ alice }) => {
  await alice.say('long BYND 2415 @ .63')
  await alice.say('sell 1000 @ 1.50')
  expect(await alice.say('sell 5000')).toBe(
    '⚠️ Free: 1,415 of 2,415 BYND (1,000 held by order 1). Nothing was done.\n💡 `trim 1415 BYND` takes what is free; `cancel 1` frees it; `close BYND` takes working orders back by itself',
  )
  expect(await alice.say('trim 5000')).toContain('Free: 1,415 of 2,415 BYND (1,000 held by order 1)')
  await alice.say('sell 207 @ 1.60')
  expect(await alice.say('trim 2000')).toBe(
    `⚠️ Free: 1,208 of 2,415 BYND (1,000 held by order 1, 207 held by order 2). Nothing was done.
💡 \`trim 1208 BYND\` takes what is free; \`cancel 1\` frees 1,000; \`cancel 2\` frees 207; \`close BYND\` takes working orders back by itself`,
  )
  expect(await alice.say('trim 1208 BYND')).toContain('✓ SOLD 1,208 BYND')
  expect(await alice.say('sell 5000')).toContain('Free: 0 of 1,207 BYND (1,000 held by order 1, 207 held by order 2)')
})

describe('an exit that working orders clip', () => {
  /** 110 BYND, of which order 1 holds 30. */
  const holds = async (alice: Someone) => {
    await alice.say('long BYND 110 @ .63')
    await alice.say('sell 30 @ 1.50')
  }
  const free = '80 of 110 BYND (30 held by order 1)'

  test.for([
    'trim 100',
    'sell 100',
    'close 100',
    'sell 90%',
    'close 90%',
    'trim to 5',
    'trim 500',
    'sell 500',
    'scaleout 100',
    'scaleout 90% fast',
  ])('is refused with what is free: %j', async (words, { alice }) => {
    await holds(alice)
    expect(await alice.say(words)).toContain(`Free: ${free}. Nothing was done.`)
  })

  test.for(['sell all', 'trim all', 'sell all @ 1.20'])('says what is free: %j', async (words, { alice }) => {
    await holds(alice)
    expect(await alice.say(words)).toContain(`⚠️ Not all of it: ${free}.`)
  })

  test('a scaleout of everything says it in its question, or else beside its start', async ({ alice, bob }) => {
    await holds(alice)
    expect(await alice.say('scaleout')).toContain(`\nQuantity: ${free}\n`)
    expect(await alice.say('fast')).not.toContain('Not all of it')
    await holds(bob)
    const said = await bob.say('scaleout fast')
    expect(said).toContain('Total Quantity: 80\n')
    expect(said).toContain(`⚠️ Not all of it: ${free}.`)
  })

  test('a scaleout of several says it for each', async ({ alice, bob }) => {
    await holds(alice)
    await alice.say('long AAPL 10 @ 190')
    expect(await alice.say('scaleout all')).toContain(`: ${free}`)
    await holds(bob)
    await bob.say('long AAPL 10 @ 190')
    expect(await bob.say('scaleout all fast')).toContain(`⚠️ Not all of it: ${free}.`)
  })

  test('where they hold all of it, nothing is free', async ({ alice }) => {
    await alice.say('long BYND 110 @ .63')
    await alice.say('sell 110 @ 1.50')
    const none = 'Free: 0 of 110 BYND (110 held by order 1)'
    for (const words of ['trim half', 'sell all', 'trim all', 'scaleout', 'scaleout fast'])
      expect(await alice.say(words)).toContain(none)
    await alice.say('long AAPL 10 @ 190')
    expect(await alice.say('scaleout all')).toContain(`⚠️ Without BYND: ${none}`)
  })
})
