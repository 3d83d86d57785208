import { expect, test } from 'vitest'
import { pictures } from './pictures.ts'

/** Processor time of this thread, in milliseconds: unlike the time on the wall, others take nothing of it. */
function spent(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

test('a picture takes next to nothing of the thread that hears', async () => {
  await pictures.candles!()
  const before = spent()
  const drawn = await Promise.all(Array.from({ length: 20 }, () => pictures.candles!()))
  const each = (spent() - before) / drawn.length
  expect(drawn.every((png) => png.length > 10_000)).toBe(true)
  // Drawn here, it would be five to seven on a quiet machine, and more on the one where this is two.
  expect(each).toBeLessThan(4)
})
