import { afterAll, beforeAll, expect, test } from 'vitest'
import { someone } from '../../talk/commands/someone.ts'
import { type DeskAtAlpaca, openDeskAtAlpaca, until } from './desk-at-alpaca.ts'

// The size that a refusal names, at a local Alpaca that checks orders at the market at 5% above the price.

let there: DeskAtAlpaca
beforeAll(async () => {
  there = await openDeskAtAlpaca(33, 10, (alpaca) => alpaca.setPrice('BYND', '1.03', '1.04'), 3000)
})
afterAll(() => there.close())

/** The command that the refusal of an order names, once the broker has told its balance. */
async function hintOf(say: (text: string) => Promise<string>, order: string): Promise<string> {
  let hint: string | undefined
  await until(async () => {
    hint = /`(buy [\d,.]+ BYND[^`]*)` passes/.exec(await say(order))?.[1]
    return hint
  }).toBeDefined()
  return hint!
}

test('the order that a refusal for want of buying power names is taken by the broker, beside its open orders, too', async () => {
  const { alpaca, desk } = there
  const account = alpaca.addAccount({ cash: '1000' })
  const alice = someone(desk)
  await there.link(alice, account)
  alpaca.placeElsewhere(account, {
    ...{ symbol: 'BYND', side: 'buy', qty: '500', type: 'limit', limit_price: '1', time_in_force: 'gtc' },
  })
  await until(() => alice.say('balance')).toContain('Buying power: $1,500.00')

  const refusal = await alice.say('buy 3000 BYND')
  expect(refusal).toContain('takes $3,120.00, and the account has $1,500.00 of buying power at its broker')
  expect(refusal).toContain('`buy 1,373 BYND` passes: without a limit the broker counts up to 5% more')
  const answer = await alice.say(await hintOf(alice.say, 'buy 3000 BYND'))
  await until(() => `${answer}\n${there.said()}`).toContain('BOUGHT 1,373 BYND')

  // With a limit the broker counts the limit.
  await until(() => alice.say('balance')).toMatch(/Buying power: \$5\d\.\d\d/)
  const limited = await hintOf(alice.say, 'buy 1000 BYND @ 1.02')
  expect(limited).toMatch(/^buy 5\d BYND @ 1.02$/)
  expect(await alice.say(limited)).toContain('LIMIT BUY ORDER 5')
  expect(there.said()).not.toContain('did not take the order')
})
