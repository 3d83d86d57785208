import { describe, expect, test, vi } from 'vitest'
import type { Question } from '../../../src/talk/chat/reply.ts'
import { modes, openDoor } from './slack-door.ts'

const price: Question = { id: 'q-2', name: 'price', kind: 'number', title: 'Stop loss price', choices: [] }

describe.each(modes)('over %s, a form', (mode) => {
  test('shows the facts in its form, and a fault below the field until it is put right', async () => {
    const { slack, desk, alice, direct, posted } = await openDoor(mode, () => [
      { text: 'Enter stop loss price:', question: price },
    ])
    desk.aboutForm = async (_, id) => (id === 'q-2' ? 'LONG 3,750 BYND @ $0.63 · now $1.01' : undefined)
    desk.faultsIn = async ({ answer }) => (answer === 'abc' ? ['"abc" is not a price.'] : [undefined])
    await slack.people.say(alice, direct.id, 'stop')
    await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
    await slack.people.press(alice, posted(direct)[0]!, 'Stop loss price')
    await vi.waitFor(() => expect(slack.world.views.size).toBe(1))
    const form = () => [...slack.world.views.values()][0]!
    expect(form().view.blocks[0]).toMatchObject({
      type: 'section',
      text: { text: 'LONG 3,750 BYND @ $0.63 · now $1.01' },
    })
    await slack.people.submit(alice, 'abc')
    expect(form().errors).toEqual({ answer: '"abc" is not a price.' })
    expect(desk.heard).toHaveLength(1)
    await slack.people.submit(alice, '.55')
    await vi.waitFor(() => expect(desk.heard[1]).toMatchObject({ questionId: 'q-2', answer: '.55' }))
    expect(slack.world.views.size).toBe(0)
  })
})
