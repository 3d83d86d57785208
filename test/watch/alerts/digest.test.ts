import { describe, expect } from 'vitest'
import type { Someone } from '../../talk/commands/someone.ts'
import { hour, minute, sceneTest } from './scene.ts'

const { test, scene } = sceneTest()

const digests = async ({ thread }: Someone) => (await scene.said(thread)).filter((text) => text.startsWith('📰'))

/** A person whose channel gets digests from now on. The hour has just begun. */
async function withDigests(): Promise<[Someone, Someone]> {
  const alice = await scene.holder()
  const now = scene.clock.now().getTime()
  scene.clock.set(Math.ceil((now + 1) / hour) * hour + 2 * minute)
  const channel = alice.in(`${alice.thread}-channel`)
  await channel.say('alerts here low')
  return [alice, channel]
}

/** Lets the hour end, and the time for its transactions to commit. */
const nextHour = () => scene.clock.set(Math.ceil(scene.clock.now().getTime() / hour) * hour + minute)

describe('the digest', () => {
  test('tells what was LOW in an hour, a line for each symbol and type, once', async () => {
    const [alice, channel] = await withDigests()
    for (let n = 0; n < 3; n += 1) await scene.told(alice, 'position.correlation_spike')
    await alice.say('long AAPL 10 @ 190')
    await scene.sweep()
    expect(await digests(channel)).toEqual([])
    nextHour()
    await Promise.all([scene.sweep(), scene.sweep(), scene.sweep()])
    await scene.sweep()
    const [text, ...more] = await digests(channel)
    expect(more).toEqual([])
    expect(text?.split('\n')).toEqual([
      expect.stringMatching(/^📰 DIGEST — 2026-11-20 \d\d:02 EST to 2026-11-20 \d\d:00 EST$/),
      expect.stringMatching(/^🔗 CORRELATION SPIKE — BYND · .* mean correlation 0\.91.* \(the last of 3\)$/),
      'AAPL opened LONG 10 @ $190.00',
    ])
    expect(await digests(alice)).toEqual([])
  })

  test('says its times by the clocks of its member, sent or asked for', async () => {
    const [alice, channel] = await withDigests()
    await alice.say('timezone Asia/Tokyo')
    await scene.told(alice, 'position.correlation_spike')
    nextHour()
    await scene.sweep()
    expect((await digests(channel))[0]).toMatch(/^📰 DIGEST — \S+ \d\d:02 GMT\+9 to \S+ \d\d:00 GMT\+9\n/)
    expect(await alice.say('digest')).toMatch(/^📰 DIGEST — \S+ \d\d:\d\d GMT\+9 to /)
    await channel.say('mute 1h')
    await scene.told(alice, 'position.stop_approaching')
    scene.clock.advance(minute)
    expect(await channel.say('digest')).toMatch(/WHILE IT WAS MUTED HERE\n\S+ \d\d:\d\d GMT\+9 · /)
  })

  test('is not sent when nothing happened', async () => {
    const [, channel] = await withDigests()
    nextHour()
    await scene.sweep()
    expect(await digests(channel)).toEqual([])
  })

  test('waits until muting is over', async () => {
    const [alice, channel] = await withDigests()
    await scene.told(alice, 'position.volatility_spike')
    await channel.say('mute 2h')
    nextHour()
    await scene.sweep()
    expect(await digests(channel)).toEqual([])
    scene.clock.advance(2 * hour)
    await scene.sweep()
    expect(await digests(channel)).toEqual([expect.stringContaining('🌊 VOLATILITY SPIKE — BYND')])
  })

  test('comes when it is asked for, and is then not sent again', async () => {
    const [alice, channel] = await withDigests()
    await scene.told(alice, 'position.correlation_spike')
    scene.clock.advance(minute)
    expect(await channel.say('digest')).toContain('🔗 CORRELATION SPIKE — BYND')
    expect(await channel.say('digest')).toBe('📰 Nothing happened that you were not told.')
    nextHour()
    await scene.sweep()
    expect(await digests(channel)).toEqual([])
  })

  test('tells of the last day where none is set up, as often as it is asked for', async () => {
    const alice = await scene.holder()
    scene.clock.advance(minute)
    expect(await alice.say('digest')).toContain('BYND opened LONG 3,750 @ $0.63')
    expect(await alice.say('digest')).toContain('BYND opened LONG 3,750 @ $0.63')
    scene.clock.advance(24 * hour)
    expect(await alice.say('digest')).toBe('📰 Nothing happened that you were not told.')
  })
})
