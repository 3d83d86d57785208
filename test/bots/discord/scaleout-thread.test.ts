import { expect, onTestFinished, test } from 'vitest'
import { createDiscordHarness } from '../../contracts/discord-harness.ts'
import { openGround } from '../../contracts/ground.ts'
import { openRoom } from '../../contracts/room.ts'

test('a scaleout that was asked in a channel tells its progress in a thread of its own', async () => {
  const ground = await openGround()
  onTestFinished(() => ground.close())
  const harness = await createDiscordHarness('channel')
  const room = await openRoom(harness, ground)
  onTestFinished(() => room.close())
  const { alice, server } = harness
  await room.ask(alice, 'long BYND 3750 @ .63', /^✓ LONG/)
  await room.after(() => harness.command(alice, 'scaleout', { symbol: 'BYND', speed: 'fast' }), /^🔄/)
  await room.sees(/^🎉/)
  await room.sees(/^🔄.*COMPLETE$/ms)

  const announced = server.said(server.channel).find(({ content }) => content.startsWith('🔄'))!
  expect(server.state.channels.get(announced.id)).toMatchObject({ parent: server.channel.id })
  const inThread = server.said(announced.id).map(({ content }) => content)
  expect(inThread.filter((text) => /^(✓ Chunk|🎉)/.test(text))).toEqual(inThread)
  expect(inThread.at(-1)).toMatch(/^🎉/)
  const elsewhere = server.said(server.channel).filter(({ content }) => content.includes('Chunk '))
  expect(elsewhere).toEqual([])
})
