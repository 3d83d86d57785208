import { expect } from 'vitest'
import { sceneTest } from './scene.ts'

const { test, scene } = sceneTest()

test('alerts alone shows the last that fired, and none before', async () => {
  const alice = await scene.holder()
  expect(await alice.say('alerts')).not.toContain('The last that fired')
  await scene.told(alice, 'position.stop_approaching')
  await scene.said(alice.thread)
  expect(await alice.say('alerts')).toMatch(/🕓 The last that fired:\n.* E[SD]T · .*stop/i)
})
