import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Question } from '../../../src/talk/chat/reply.ts'
import { createSlackHarness } from '../../contracts/slack-harness.ts'
import { recordingDesk } from './recording-desk.ts'
import { modes } from './slack-door.ts'

const speed: Question = {
  id: 'q1',
  name: 'speed',
  kind: 'choice',
  title: 'How fast?',
  choices: [{ value: 'fast', label: 'FAST' }],
}

async function conversation(mode: (typeof modes)[number]) {
  const desk = recordingDesk((inbound) => {
    if (inbound.kind === 'press') return [{ text: `pressed ${inbound.answer}` }]
    const text = inbound.kind === 'message' ? inbound.text : ''
    if (text === 'scaleout') return [{ text: 'How fast?', question: speed }]
    return [{ text: `heard ${text}`, private: text === 'secret' }]
  })
  const harness = await createSlackHarness(mode)
  onTestFinished(() => harness.close())
  const door = await harness.connect(desk)
  onTestFinished(() => door.close())
  return { harness, desk, door }
}

describe.each(modes)('a conversation in a local Slack over %s', (mode) => {
  test('shows the same as people see', async () => {
    const { harness, desk } = await conversation(mode)
    const { alice, bob } = harness
    await harness.say(alice, 'quote <!channel> & @here')
    await vi.waitFor(() => expect(harness.seen()).toHaveLength(1))
    await harness.sayAgain()
    await harness.say(bob, 'secret')
    await vi.waitFor(() => expect(harness.seen()).toHaveLength(2))
    await harness.command(alice, 'long', { symbol: 'BYND', quantity: '3750', price: '.63' })
    await vi.waitFor(() => expect(harness.seen()).toHaveLength(3))
    expect(harness.seen()).toMatchObject([
      { text: 'heard quote <!channel> & @here', buttons: [], privateTo: undefined, edited: false, pings: [] },
      { text: 'heard secret', privateTo: bob.id },
      { text: 'heard long BYND 3750 @ .63', privateTo: undefined },
    ])
    expect(desk.heard).toHaveLength(3)
  })

  test('has buttons, and can deliver a press twice', async () => {
    const { harness, desk } = await conversation(mode)
    await harness.say(harness.alice, 'scaleout')
    await vi.waitFor(() => expect(harness.seen()[0]?.buttons).toEqual(['FAST']))
    await harness.press(harness.alice, 'FAST', { twice: true })
    await vi.waitFor(() => expect(desk.dropped.filter((inbound) => inbound.kind === 'press')).toHaveLength(1))
    await vi.waitFor(() => expect(harness.seen().at(-1)?.text).toBe('pressed fast'))
    expect(harness.seen()[0]).toMatchObject({ buttons: [], edited: true })
    await expect(harness.press(harness.bob, 'FAST')).rejects.toThrow('no button')
  })

  test('goes on when the door comes back', async () => {
    const { harness, desk, door } = await conversation(mode)
    await door.close()
    const next = await harness.connect(desk)
    onTestFinished(() => next.close())
    await harness.say(harness.alice, 'pl')
    await vi.waitFor(() => expect(harness.seen().map(({ text }) => text)).toEqual(['heard pl']))
  })
})
