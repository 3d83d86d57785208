import { expect, test } from 'vitest'
import { discordPlatform } from './platforms.ts'
import { openScene } from './scene.ts'

test('a desk in one file finds the drawing thread, and ends in an orderly way while the thread runs', async () => {
  const scene = await openScene(await discordPlatform())
  const life = await scene.begin()
  await scene.ask('long BYND 3750 @ .63', /^✓ LONG/)
  await scene.ask('pl chart', /^📈 EQUITY AND P&L/)
  expect(scene.platform.seen().at(-1)!.text).toMatch(/1 fill, at the prices of your fills$/)
  await life.end()
  expect(await life.ended).toBe(null)
})
