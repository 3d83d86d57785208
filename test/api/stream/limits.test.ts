import { expect, test } from 'vitest'
import { createPlaces } from '../../../src/api/stream/reader/limits.ts'

test('a member has a few places, a process has more, and each is given back once', () => {
  const places = createPlaces({ ofMember: 2, ofProcess: 3 })
  const first = places.take(1)
  const second = places.take(1)
  expect(places.take(1)).toBe('ofMember')
  const third = places.take(2)
  expect(places.take(3)).toBe('ofProcess')
  const giveBack = first as () => void
  giveBack()
  giveBack()
  expect(places.take(3)).toBeTypeOf('function')
  expect(places.take(4)).toBe('ofProcess')
  for (const place of [second, third]) (place as () => void)()
  expect(places.take(1)).toBeTypeOf('function')
  expect(places.take(1)).toBeTypeOf('function')
  expect(places.take(2)).toBe('ofProcess')
})
