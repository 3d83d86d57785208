import { startWorker } from '../../../jobs/worker.ts'
import type { TestDeskOptions } from '../../support/desk.ts'
import { deskTest } from '../../support/desk-test.ts'
import { hurriedClock, moody } from './moody.ts'

/** A fast scaleout takes some 40 ms. */
export const timeScale = 3600

/** Gives a `deskTest` with a second worker, as on another machine, which takes jobs as well. */
export function twoWorkerTest(options: TestDeskOptions) {
  const { test, ...rest } = deskTest(options)
  const { sweepEveryMs } = options
  return {
    ...rest,
    test: test.extend('second', { scope: 'file', auto: true }, ({ desk }, { onCleanup }) => {
      const second = startWorker(desk.desk, { sweepEveryMs })
      onCleanup(() => second.close())
      return second
    }),
  }
}

/** Does the same in a hurry and with a venue that has bad days: `draw` says what it does with the calls to come. */
export function moodyTest(options: TestDeskOptions, venue = moody) {
  let ahead: string[] = []
  return {
    ...twoWorkerTest({
      clock: hurriedClock(timeScale),
      venue: (paper) => venue(paper, () => ahead.shift()),
      ...options,
    }),
    draw(fates: string[]) {
      ahead = [...fates]
    },
  }
}
