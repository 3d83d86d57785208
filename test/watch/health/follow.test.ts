import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Followed, follow, type HealthState, isUnsure } from '../../../src/watch/health/rules/follow.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 15, minute))

/** The news of looks a minute apart, and the part as it is left. */
function after(states: HealthState[], isCertain = false) {
  let followed: Followed | undefined
  const news = states.map((state, minute) => {
    const taken = follow(followed, { state, words: state }, at(minute), isCertain)
    followed = taken.followed
    return taken.news
  })
  return { news, followed: followed! }
}

test('a part is told down at its second look in a row, and back at the second one after', () => {
  const { news, followed } = after(['ok', 'down', 'down', 'down', 'ok', 'ok', 'ok'])
  expect(news).toEqual([undefined, undefined, 'down', undefined, undefined, 'back', undefined])
  expect(followed).toEqual({ state: 'ok', words: 'ok', since: at(4), looks: 3, isTold: false })
})

test('one failure, and one success in between, is no news', () => {
  expect(after(['down', 'ok', 'down', 'warn', 'down']).news.filter(Boolean)).toEqual([])
  const { news, followed } = after(['down', 'down', 'ok', 'down', 'ok', 'down'])
  expect(news.filter(Boolean)).toEqual(['down'])
  // It is down since the first look that people were told of, and in this state since the last change.
  expect(followed).toMatchObject({ downSince: at(0), since: at(5), isTold: true })
})

test('a certain check is told at once, and what is short is not down', () => {
  expect(after(['down', 'ok'], true).news).toEqual(['down', 'back'])
  expect(after(['down', 'down', 'warn', 'warn']).news).toEqual([undefined, 'down', undefined, 'back'])
})

test('down and back come in turns, whatever was seen, and a part that is as told asks for no other look', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom<HealthState>('ok', 'warn', 'down'), { minLength: 1 }), (states) => {
      const { news, followed } = after(states)
      const told = news.filter((one) => one !== undefined)
      expect(told).toEqual(told.map((_, nth) => (nth % 2 === 0 ? 'down' : 'back')))
      expect(followed.isTold).toBe(told.at(-1) === 'down')
      expect(isUnsure(followed)).toBe((states.at(-1) === 'down') !== followed.isTold)
    }),
  )
})
