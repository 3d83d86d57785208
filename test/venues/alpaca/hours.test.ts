import { expect, test } from 'vitest'
import { createAccountFacts } from '../../../src/venues/alpaca/account.ts'
import type { AlpacaClient } from '../../../src/venues/alpaca/client.ts'

/** Alpaca's hours, asked of a client that answers by hand. */
function asking() {
  let now = Date.parse('2026-11-30T20:59:50Z')
  let asked = 0
  const answer = {
    is_open: true,
    next_open: new Date('2026-12-01T14:30:00Z'),
    next_close: new Date('2026-11-30T21:00:00Z'),
  }
  const client = {
    look: async () => {
      asked++
      return { ...answer }
    },
  } as unknown as AlpacaClient
  const { hours } = createAccountFacts(client, () => new Date(now))
  return {
    answer,
    hours: () => hours('one'),
    asked: () => asked,
    letPass(ms: number) {
      now += ms
    },
  }
}

test('the hours are asked for anew from the bell on, not when what was heard before it is old', async () => {
  const alpaca = asking()
  expect((await alpaca.hours()).isOpen).toBe(true)
  alpaca.letPass(9000)
  await alpaca.hours()
  expect(alpaca.asked()).toBe(1)
  alpaca.answer.is_open = false
  alpaca.letPass(1000)
  expect((await alpaca.hours()).isOpen).toBe(false)
  expect(alpaca.asked()).toBe(2)
})

test('a venue whose clock is behind is not asked at each question after the bell', async () => {
  const alpaca = asking()
  alpaca.letPass(60_000)
  await alpaca.hours()
  alpaca.letPass(1000)
  await alpaca.hours()
  expect(alpaca.asked()).toBe(1)
  alpaca.letPass(1000)
  await alpaca.hours()
  expect(alpaca.asked()).toBe(2)
})

test.each([
  ['a share that is not traded now', { tradable: false, status: 'active' }, 60_000],
  [
    'a share that cannot be borrowed now',
    { tradable: true, status: 'active', shortable: true, easy_to_borrow: false },
    60_000,
  ],
  ['a symbol that was not found', undefined, 60_000],
  ['a share that left the list', { tradable: false, status: 'inactive' }, 300_000],
  ['a share that is traded', { tradable: true, status: 'active', shortable: true, easy_to_borrow: true }, 300_000],
])('%s is asked about again when that may have passed', async (_, asset, forMs) => {
  let now = Date.parse('2026-11-30T15:00:00Z')
  let asked = 0
  const look = async (__: string, path: string) => {
    if (path !== '/v2/account') asked++
    return path === '/v2/account' ? { status: 'ACTIVE', shorting_enabled: true } : asset
  }
  const { instrument } = createAccountFacts({ look } as unknown as AlpacaClient, () => new Date(now))
  await instrument('one', 'BYND')
  now += forMs - 1000
  await instrument('one', 'BYND')
  expect(asked).toBe(1)
  now += 1000
  await instrument('one', 'BYND')
  expect(asked).toBe(2)
})
