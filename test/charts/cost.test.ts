import { expect, test } from 'vitest'
import { pictures } from './pictures.ts'

/** Processor time of this thread, in milliseconds: unlike the time on the wall, others take nothing of it. */
function spent(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

test('however many pictures are wanted at once, whoever is heard meanwhile gets their turn', async () => {
  await pictures.candles!()
  let longest = 0
  let last = spent()
  const turns = setInterval(() => {
    const now = spent()
    longest = Math.max(longest, now - last)
    last = now
  }, 1)
  const drawn = await Promise.all(Array.from({ length: 12 }, () => pictures.candles!()))
  clearInterval(turns)
  expect(drawn.every((png) => png.length > 10_000)).toBe(true)
  // One picture is some five milliseconds of it; twelve in one go would be sixty and more.
  expect(longest).toBeGreaterThan(1)
  expect(longest).toBeLessThan(40)
})
