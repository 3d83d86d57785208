import { expect, test } from 'vitest'
import { createCallLog, providersOf } from '../../../src/venues/shared/providers.ts'

test('an account whose stream is away answers as long as its last request was answered', () => {
  let now = 0
  const calls = createCallLog(() => new Date(now))
  const rowOf = (isOpen: boolean) =>
    providersOf(
      'alpaca',
      new Map([['a-1', { isOpen, faults: 2 }]]),
      calls,
      { of: () => undefined as never },
      () => 'TK4M',
    )[0]
  expect(rowOf(false)).toMatchObject({
    name: 'alpaca account ••TK4M',
    account: 'a-1',
    isConnected: false,
    isAnswering: false,
  })
  calls.answered('a-1')
  expect(rowOf(false)).toMatchObject({ isConnected: false, isAnswering: true })
  now = 10
  calls.failed('a-1', 'Alpaca could not be reached')
  expect(rowOf(false)).toMatchObject({ isConnected: false, isAnswering: false })
  now = 20
  calls.answered('a-1')
  expect(rowOf(false)).toMatchObject({ isConnected: false, isAnswering: true })
})
