import { describe, expect, test, vi } from 'vitest'
import type { Question } from '../../../src/talk/chat/reply.ts'
import { modes, openDoor } from './slack-door.ts'

const price: Question = { id: 'q-2', name: 'price', kind: 'number', title: 'Stop loss price', choices: [] }

const symbol: Question = { id: 'q-3', name: 'symbol', kind: 'text', title: 'Symbol', choices: [] }

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

  test('completes a symbol while somebody types, for the person and the question, and takes the picked line', async () => {
    const { slack, desk, alice, bob, channel, thread, posted } = await openDoor(mode, () => [
      { text: '❓ Which symbol?', question: symbol },
    ])
    const asked: unknown[] = []
    const suggestAnswer = desk.suggestAnswer
    desk.suggestAnswer = async (author, place, ...more) => {
      asked.push([author, place.thread, ...more])
      return suggestAnswer(author, place, ...more)
    }
    const root = thread()
    await slack.people.say(alice, channel.id, 'quote', { thread: root })
    await vi.waitFor(() => expect(posted()).toHaveLength(1))
    await slack.people.press(alice, posted()[0]!, 'Symbol')
    await vi.waitFor(() => expect(slack.world.views.size).toBe(1))
    expect(await slack.people.suggest(bob, 'm&m')).toEqual([
      { text: 'BYND · LONG 300 BYND @ $1.00 · Beyond &lt;m&amp;m&gt;', value: 'BYND' },
    ])
    expect(asked).toEqual([[{ id: 'slack:T0DESK:U0BOB', name: 'Bob' }, root, 'q-3', 'm&m']])
    await slack.people.submit(alice, 'BYND')
    await vi.waitFor(() => expect(desk.heard[1]).toMatchObject({ questionId: 'q-3', answer: 'BYND' }))
  })
})
