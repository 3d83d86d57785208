import { expect } from 'vitest'
import { deskTest } from '../../support/desk-test.ts'

const { test, market } = deskTest()
test.beforeEach(() => {
  market.set('BYND', '1')
  market.set('AAPL', '190')
  market.list('AMD', '240')
})

test.for<[said: string, closes: string[], stays: string]>([
  ['close all but BYND', ['AAPL', 'AMD'], 'BYND'],
  ['close all except bynd', ['AAPL', 'AMD'], 'BYND'],
  ['close everything except bynd and amd', ['AAPL'], 'BYND, AMD'],
  ['flatten all except for AMD', ['AAPL', 'BYND'], 'AMD'],
])(
  '%j asks with what closes and what stays, and a yes closes exactly that',
  async ([said, closes, stays], { alice }) => {
    for (const text of ['long BYND 100 @ 1', 'long AAPL 10 @ 190', 'short AMD 5 @ 240']) await alice.say(text)
    const asked = await alice.say(said)
    expect(asked).toContain(`CLOSE ALL ${closes.length} POSITION`)
    for (const symbol of closes) expect(asked).toMatch(new RegExp(`(LONG|SHORT) \\d+ ${symbol}`))
    expect(asked).toContain(`Stays open: ${stays}\n`)
    await alice.say('yes')
    const left = await alice.say('positions')
    for (const symbol of closes) expect(left).not.toContain(` ${symbol} `)
    for (const symbol of stays.split(', ')) expect(left).toContain(symbol)
  },
)

test('is refused when what should stay is not open, or nothing else is', async ({ alice }) => {
  await alice.say('long BYND 100 @ 1')
  expect(await alice.say('close all but AMD')).toContain('You have no open position in AMD')
  expect(await alice.say('close all but BYND')).toContain('None of your other positions is open. Nothing was done.')
  expect(await alice.say('positions')).toContain('BYND')
})
