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
