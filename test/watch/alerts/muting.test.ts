import { describe, expect } from 'vitest'
import { momentText } from '../../../src/base/format.ts'
import type { Someone } from '../../talk/commands/someone.ts'
import { minute, sceneTest } from './scene.ts'

const { test, scene } = sceneTest()

const stopNear = '⚠️ STOP APPROACHING — BYND\nLONG 3,750 @ $0.63 · now $0.561 · stop $0.55 (1.96% away)'

/** A person with a position, and a channel in which the person asked for alerts. */
async function withChannel(): Promise<[Someone, Someone]> {
  const alice = await scene.holder()
  const channel = alice.in(`${alice.thread}-channel`)
  await channel.say('alerts here')
  return [alice, channel]
}

describe('muting', () => {
  test('holds for as long as it was said, and only here', async () => {
    const [alice, channel] = await withChannel()
    expect(await channel.say('mute 30m')).toContain('Muted here until 2026-11-20 10:')
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(channel.thread)).toEqual([])
    expect(await scene.said(alice.thread)).toEqual([stopNear])
    scene.clock.advance(30 * minute)
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(channel.thread)).toEqual([stopNear])
  })

  test('holds for one type until it is unmuted', async () => {
    const [alice, channel] = await withChannel()
    await channel.say('mute stop approaching')
    await scene.told(alice, 'position.stop_approaching')
    await scene.told(alice, 'position.time_decay')
    expect(await scene.said(channel.thread)).toHaveLength(1)
    expect(await channel.say('alerts')).toContain('Muted: STOP_APPROACHING')
    await channel.say('unmute STOP_APPROACHING')
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(channel.thread)).toHaveLength(2)
  })

  test.each([
    ['mute BYND', 60],
    ['mute BYND 2h', 120],
    ['mute $bynd for 2 hours', 120],
    ['mute 30m BYND', 30],
    ['mute alerts about BYND for an hour', 60],
  ])('holds for one symbol, for as long as it was said, and only here: %j', async (text, minutes) => {
    const [alice, channel] = await withChannel()
    const until = new Date(Number(scene.clock.now()) + minutes * minute)
    expect(await channel.say(text)).toBe(
      `🔇 BYND is muted here until ${momentText(until)}.\n💡 What is critical is told all the same; \`unmute BYND\` ends that`,
    )
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(channel.thread)).toEqual([])
    expect(await scene.said(alice.thread)).toEqual([stopNear])
    await scene.told(alice, 'trading.stop_loss_triggered')
    expect(await scene.said(channel.thread)).toEqual([expect.stringMatching(/^🛑 STOP HIT/)])
    scene.clock.advance(minutes * minute)
    await scene.told(alice, 'position.time_decay')
    expect(await scene.said(channel.thread)).toHaveLength(2)
  })

  test('of a symbol leaves the others, outlives a restart, and ends with unmute', async () => {
    const [alice, channel] = await withChannel()
    await channel.say('mute AAPL 2d')
    await channel.say('mute BTC-USD')
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(channel.thread)).toEqual([stopNear])
    await channel.say('mute BYND 1d')
    await scene.desk.restart()
    await scene.told(alice, 'position.time_decay')
    expect(await scene.said(channel.thread)).toEqual([stopNear])
    expect(await channel.say('unmute AMC')).toMatch(/^⚠️ That is not muted here\.\n💡 Muted are AAPL, BTC-USD, BYND/)
    expect(await channel.say('unmute BYND')).toMatch(/\n🔇 Muted: AAPL until .*, BTC-USD until [^,\n]*$/)
    await scene.told(alice, 'position.target_approaching')
    expect(await scene.said(channel.thread)).toHaveLength(2)
    expect(await channel.say('unmute')).not.toContain('🔇')
  })

  test('lists the symbols and types that are muted already', async () => {
    const [, channel] = await withChannel()
    await channel.say('mute AAPL 2h')
    await channel.say('mute TIME_DECAY')
    const listed = /🔇 Muted: TIME_DECAY\n🔇 Muted: AAPL until \S+ \S+ E[SD]T\n/
    expect(await channel.say('mute')).toMatch(listed)
    expect(await channel.say('alerts')).toMatch(listed)
    expect(await channel.say('help mute')).toContain('nothing of one symbol (`mute BYND 2h`')
  })

  test('ends with unmute', async () => {
    const [alice, channel] = await withChannel()
    await channel.say('mute 2d')
    expect(await channel.say('unmute')).not.toContain('🔇')
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(channel.thread)).toEqual([stopNear])
  })

  test('leaves what was missed for the digest', async () => {
    const [alice, channel] = await withChannel()
    await channel.say('mute 1h')
    await scene.told(alice, 'position.stop_approaching')
    scene.clock.advance(minute)
    expect(await channel.say('digest')).toContain('WHILE IT WAS MUTED')
  })

  test.each([
    'mute forever',
    'mute 0m',
    'mute 31d',
    'mute -1h',
    'mute APPLES',
    'mute ZZZZ',
    'mute BYND AAPL',
    'mute BYND 31d',
    'mute BYND 2 weeks',
    'quiet 25:00-07:00',
    'quiet 22:00',
    'quiet 22:00-22:00',
    'quiet 22:00-07:00 Atlantis',
    'alerts here loud',
    'alerts there',
    'unmute APPLES',
  ])('is not understood as %s, and changes nothing', async (text) => {
    const alice = await scene.holder()
    expect(await alice.say(text)).toMatch(/^⚠️ .*\n💡 /)
    await scene.told(alice, 'position.stop_approaching')
    expect(await scene.said(alice.thread)).toEqual([stopNear])
  })
})
