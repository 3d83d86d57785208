import { describe, expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'

const { test, market } = deskTest({ worker: false })
test.beforeEach(() => market.set('BYND', '1.01'))

describe('a question for the way', () => {
  test.for([
    ['how do I stop the scaleout?', 'cancel scaleout'],
    ['how do i set a stop?', 'stop'],
    ['how do I exit', 'close'],
    ['how can I sell half of my BYND', 'sell'],
    ['what is a scaleout', 'scaleout'],
    ['what is the guardian?', 'guardian'],
    ['how does the scaleout work', 'scaleout'],
    ['help me with the bracket', 'bracket'],
  ] as const)('%j gets the help of %s', async ([text, name], { alice }) => {
    expect(await alice.say(text)).toMatch(new RegExp(`^📖 ${name}\n`))
  })

  test('beside an open question is answered, and the question stays', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    expect(await alice.say('close')).toContain('CLOSE LONG 100 BYND')
    expect(await alice.say('what is a scaleout')).toMatch(/^📖 scaleout\n/)
    expect(await alice.say('1')).toContain('✓ SOLD 100 BYND')
  })

  test('that names nothing to do is none', async ({ alice }) => {
    expect(await alice.say('how am i doing')).not.toContain('📖')
    expect(await alice.say('hi there')).toContain('👋')
    expect(await alice.say('what is the price of BYND')).toContain('Last: $1.01')
  })
})

test('help is also for those who say help me', async ({ alice }) => {
  expect(await alice.say('help me')).toMatch(/^📖 DESKHAND\n/)
})

test.for(['BYND', '$bynd', 'bynd?'])('%j alone is a quote', async (text, { alice }) => {
  expect(await alice.say(text)).toContain('💵 BYND')
})

describe('a part beside the question for the speed of a scaleout', () => {
  test('is asked about again', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('scaleout')
    const again = await alice.say('half')
    expect(again).toContain('Quantity: 50')
    expect(again).toContain('How fast should I scale out?')
    expect(await alice.say('1')).toContain('Total Quantity: 50')
  })

  test('takes the place of another part, and may come with its speed', async ({ alice }) => {
    await alice.say('long BYND 100 @ 1')
    await alice.say('scaleout 80')
    expect(await alice.say('half fast')).toContain('Total Quantity: 50')
  })
})
