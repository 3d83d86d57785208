import { test as base } from 'vitest'
import { someone } from '../talk/commands/someone.ts'
import { type TestDeskOptions, unopenedDesk } from './desk.ts'

/**
 * Gives a `test` with one desk for the whole file, and the desk, which opens before the first test and closes after the
 * last one. Alice and Bob are new people in each test, each in a thread of their own.
 */
export function deskTest(options: TestDeskOptions = {}) {
  const desk = unopenedDesk(options)
  const test = base
    .extend('unopened', { scope: 'file' }, () => desk)
    .extend('desk', { scope: 'file', auto: true }, async ({ unopened }, { onCleanup }) => {
      onCleanup(() => unopened.close())
      await unopened.open()
      return unopened
    })
    .extend('alice', ({ desk }) => someone(desk))
    .extend('bob', ({ desk }) => someone(desk))
  return { test, desk, market: desk.market }
}

/** Does the same with a new desk for each test; `before` comes before it opens. */
export function freshDeskTest(options: TestDeskOptions = {}, before: () => void = () => {}) {
  const desk = unopenedDesk(options)
  const test = base
    .extend('unopened', () => {
      before()
      return desk
    })
    .extend('desk', { auto: true }, async ({ unopened }, { onCleanup }) => {
      onCleanup(() => unopened.close())
      await unopened.open()
      return unopened
    })
    .extend('alice', ({ desk }) => someone(desk))
    .extend('bob', ({ desk }) => someone(desk))
  return { test, desk }
}
