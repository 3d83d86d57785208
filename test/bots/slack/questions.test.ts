import { describe, expect, test, vi } from 'vitest'
import type { Inbound } from '../../../src/talk/chat/inbound.ts'
import type { Question, Reply } from '../../../src/talk/chat/reply.ts'
import { readableText } from '../../platforms/slack-blocks.ts'
import { labels, modes, openDoor } from './slack-door.ts'

const speed: Question = {
  id: 'q-1_speed',
  name: 'speed',
  kind: 'choice',
  title: 'How fast?',
  choices: [
    { value: 'fast', label: '1️⃣ FAST' },
    { value: 'medium', label: '2️⃣ MEDIUM' },
    { value: 'slow & safe|50%', label: '3️⃣ SLOW <& safe>' },
  ],
}
const price: Question = { id: 'q-2', name: 'price', kind: 'number', title: 'Enter stop loss price & more', choices: [] }

/** A desk that asks at a message, accepts the press of the right person and refuses another one's. */
function asking(question: Question, more: Partial<Reply> = {}) {
  return (inbound: Inbound): Reply[] => {
    if (inbound.kind !== 'press') return [{ text: `Question\n${question.title}`, question, ...more }]
    if (inbound.author.name !== 'Alice') return [{ text: 'Only Alice may answer', private: true }]
    return [{ text: `answered ${inbound.answer}` }]
  }
}

describe.each(modes)('over %s, a question', (mode) => {
  test('has a button for each choice, and a press answers it in the same conversation', async () => {
    const { slack, desk, alice, channel, thread, posted, texts } = await openDoor(mode, asking(speed))
    const root = thread()
    await slack.people.say(alice, channel.id, 'scaleout', { thread: root })
    await vi.waitFor(() => expect(posted()).toHaveLength(1))
    const [message] = posted()
    expect(labels(message)).toEqual(['1️⃣ FAST', '2️⃣ MEDIUM', '3️⃣ SLOW <& safe>'])
    expect(readableText(message!)).toBe('Question\nHow fast?')

    await slack.people.press(alice, message!, '3️⃣ SLOW <& safe>')
    await vi.waitFor(() => expect(texts()).toEqual(['Question\nHow fast?', 'answered slow & safe|50%']))
    expect(desk.heard[1]).toMatchObject({
      kind: 'press',
      questionId: 'q-1_speed',
      answer: 'slow & safe|50%',
      author: { id: 'slack:T0DESK:U0ALICE', name: 'Alice' },
      place: desk.heard[0]!.place,
    })
    expect(posted()[1]!.thread_ts).toBe(root)
  })

  test('opens the form of a choice at its press, and hears the choice with the texts', async () => {
    const form = [{ name: 'price', title: 'Limit price' }]
    const choices = [speed.choices[0]!, { value: 'limit', label: 'Limit', form }]
    const { slack, desk, alice, direct, posted } = await openDoor(mode, asking({ ...speed, choices }))
    await slack.people.say(alice, direct.id, 'close')
    await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
    await slack.people.press(alice, posted(direct)[0]!, 'Limit')
    await vi.waitFor(() => expect(slack.world.views.size).toBe(1))
    const [opened] = [...slack.world.views.values()]
    expect(opened!.view.blocks.map((block: { label: { text: string } }) => block.label.text)).toEqual(['Limit price'])
    expect(desk.heard).toHaveLength(1)
    await slack.people.submit(alice, '1.05')
    await vi.waitFor(() => expect(desk.heard[1]).toMatchObject({ kind: 'press', answer: 'limit', more: ['1.05'] }))
    await vi.waitFor(() => expect(labels(posted(direct)[0])).toEqual([]))
  })

  test('with many choices has menus, and the picked line answers it', async () => {
    const choices = Array.from({ length: 120 }, (_, at) => ({ value: `v${at + 1}`, label: `Choice ${at + 1}` }))
    const { slack, desk, alice, direct, posted } = await openDoor(mode, asking({ ...speed, choices }))
    await slack.people.say(alice, direct.id, 'scaleout')
    await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
    const menus = posted(direct)[0]!.blocks!.filter(({ type }) => type === 'actions')
    expect(menus.map(({ elements }) => elements[0].options.length)).toEqual([100, 20])
    await slack.people.press(alice, posted(direct)[0]!, 'Choice 117')
    await vi.waitFor(() => expect(desk.heard[1]).toMatchObject({ questionId: 'q-1_speed', answer: 'v117' }))
    await vi.waitFor(() => expect(labels(posted(direct)[0])).toEqual([]))
  })

  test('loses its buttons when it is answered, and keeps its text', async () => {
    const { slack, alice, direct, posted } = await openDoor(mode, asking(speed))
    await slack.people.say(alice, direct.id, 'scaleout')
    await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
    await slack.people.press(alice, posted(direct)[0]!, '1️⃣ FAST')
    await vi.waitFor(() => expect(labels(posted(direct)[0])).toEqual([]))
    expect(readableText(posted(direct)[0]!)).toBe('Question\nHow fast?')
    expect(posted(direct)[0]!.metadata).toMatchObject({ event_type: 'deskhand_reply' })
  })

  test('loses its buttons, too, when it is answered in words', async () => {
    const { slack, alice, channel, thread, posted } = await openDoor(mode, (inbound) =>
      inbound.kind === 'message' && inbound.text === 'fast'
        ? [{ text: 'started', settled: ['q-0_unknown', 'q-1_speed'] }]
        : [{ text: 'How fast?', question: speed }],
    )
    const root = thread()
    await slack.people.say(alice, channel.id, 'scaleout', { thread: root })
    await vi.waitFor(() => expect(labels(posted()[0])).toHaveLength(3))
    await slack.people.say(alice, channel.id, 'fast', { thread: root })
    await vi.waitFor(() => expect(labels(posted()[0])).toEqual([]))
    expect(readableText(posted()[0]!)).toBe('How fast?')
  })

  test('loses its buttons when it is pressed after its end', async () => {
    const { slack, alice, direct, posted } = await openDoor(mode, (inbound) =>
      inbound.kind === 'press'
        ? [{ text: 'not open any more', private: true, settled: [inbound.questionId] }]
        : [{ text: 'How fast?', question: speed }],
    )
    await slack.people.say(alice, direct.id, 'scaleout')
    await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
    await slack.people.press(alice, posted(direct)[0]!, '1️⃣ FAST')
    await vi.waitFor(() => expect(labels(posted(direct)[0])).toEqual([]))
  })

  test('keeps its buttons when another person presses, and tells only them', async () => {
    const { slack, alice, bob, channel, thread, posted } = await openDoor(mode, asking(speed))
    const root = thread()
    await slack.people.say(alice, channel.id, 'scaleout', { thread: root })
    await vi.waitFor(() => expect(posted()).toHaveLength(1))
    await slack.people.press(bob, posted()[0]!, '1️⃣ FAST')
    await vi.waitFor(() => expect(slack.world.ephemerals).toHaveLength(1))
    expect(slack.world.ephemerals[0]).toMatchObject({ user: bob, text: 'Only Alice may answer', thread_ts: root })
    expect(labels(posted()[0])).toHaveLength(3)
  })

  test('pressed once but delivered twice gives the desk the same id', async () => {
    const { slack, desk, alice, direct, posted, texts } = await openDoor(mode, asking(speed))
    await slack.people.say(alice, direct.id, 'scaleout')
    await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
    const delivery = await slack.people.press(alice, posted(direct)[0]!, '1️⃣ FAST')
    await slack.deliver(delivery)
    await vi.waitFor(() => expect(desk.dropped).toHaveLength(1))
    await vi.waitFor(() => expect(texts(direct)).toEqual(['Question\nHow fast?', 'answered fast']))
  })

  test('pressed twice is two presses', async () => {
    const { slack, desk, alice, direct, posted } = await openDoor(mode, asking(speed))
    await slack.people.say(alice, direct.id, 'scaleout')
    await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
    const asked = structuredClone(posted(direct)[0]!)
    await slack.people.press(alice, asked, '1️⃣ FAST')
    await slack.people.press(alice, asked, '1️⃣ FAST')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(3))
    expect(desk.dropped).toEqual([])
  })

  test('asked in the channel is answered in the channel, also when others talk below it', async () => {
    const { slack, desk, alice, bob, channel, posted } = await openDoor(mode, asking(speed))
    await slack.people.command(alice, channel.id, 'scaleout')
    await vi.waitFor(() => expect(posted()).toHaveLength(1))
    const asked = posted()[0]!
    slack.world.messages.push({
      type: 'message',
      ts: slack.world.nextTs(),
      channel: channel.id,
      user: bob,
      text: 'fast?',
      thread_ts: asked.ts,
    })
    await slack.people.press(alice, asked, '2️⃣ MEDIUM')
    await vi.waitFor(() => expect(posted()).toHaveLength(2))
    expect(desk.heard[1]!.place).toEqual(desk.heard[0]!.place)
    expect(posted()[1]!.thread_ts).toBeUndefined()
  })

  test('that begins a thread is answered in that thread', async () => {
    const { slack, desk, alice, channel, posted } = await openDoor(mode, asking(speed, { thread: 'BYND', row: 1 }))
    await slack.people.command(alice, channel.id, 'scaleout')
    await vi.waitFor(() => expect(desk.outcomes).toHaveLength(1))
    const asked = posted()[0]!
    await slack.people.press(alice, asked, '2️⃣ MEDIUM')
    await vi.waitFor(() => expect(posted()).toHaveLength(2))
    expect(desk.heard[1]!.place).toEqual(desk.outcomes[0]!.posted!.place)
    expect(posted()[1]!.thread_ts).toBe(asked.ts)
  })

  test('to one person only has buttons, and is gone when answered', async () => {
    const { slack, alice, channel, texts } = await openDoor(mode, asking(speed, { private: true }))
    await slack.people.command(alice, channel.id, 'scaleout')
    await vi.waitFor(() => expect(slack.world.ephemerals).toHaveLength(1))
    await slack.people.press(alice, slack.world.ephemerals[0]!, '1️⃣ FAST')
    await vi.waitFor(() => expect(texts()).toEqual(['answered fast']))
    expect(slack.world.ephemerals).toEqual([])
  })

  test('for a number opens a form, and the text in it is the answer', async () => {
    const { slack, desk, alice, channel, thread, posted } = await openDoor(mode, asking(price))
    const root = thread()
    await slack.people.say(alice, channel.id, 'stop', { thread: root })
    await vi.waitFor(() => expect(posted()).toHaveLength(1))
    await slack.people.press(alice, posted()[0]!, 'Enter stop loss price & more')
    await vi.waitFor(() => expect(slack.world.views.size).toBe(1))
    const [open] = slack.world.views.values()
    expect(open!.view.title.text.length).toBeLessThanOrEqual(24)
    expect(open!.view.blocks[0].label.text).toBe('Enter stop loss price &amp; more')
    expect(desk.heard).toHaveLength(1)

    await slack.people.submit(alice, ' $.63 ')
    await vi.waitFor(() => expect(posted()).toHaveLength(2))
    expect(desk.heard[1]).toMatchObject({
      kind: 'press',
      questionId: 'q-2',
      answer: '$.63',
      place: desk.heard[0]!.place,
    })
    expect(readableText(posted()[1]!)).toBe('answered $.63')
    expect(posted()[1]!.thread_ts).toBe(root)
    await vi.waitFor(() => expect(labels(posted()[0])).toEqual([]))
  })

  test('for several numbers opens one form, and all its fields are heard', async () => {
    const fields = [
      { name: 'stop', title: 'Stop loss price' },
      { name: 'target', title: 'Take profit price' },
    ]
    const several: Question = { ...price, title: 'Stop and target', fields }
    const { slack, desk, alice, direct, posted } = await openDoor(mode, asking(several))
    await slack.people.say(alice, direct.id, 'bracket')
    await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
    await slack.people.press(alice, posted(direct)[0]!, 'Stop and target')
    await vi.waitFor(() => expect(slack.world.views.size).toBe(1))
    const [open] = slack.world.views.values()
    expect(open!.view.title.text).toBe('Stop and target')
    expect(open!.view.blocks.map((block: { label: { text: string } }) => block.label.text)).toEqual([
      'Stop loss price',
      'Take profit price',
    ])
    await slack.people.submit(alice, '.45 ', ' .70')
    await vi.waitFor(() => expect(desk.heard).toHaveLength(2))
    expect(desk.heard[1]).toMatchObject({ kind: 'press', questionId: 'q-2', answer: '.45', more: ['.70'] })
  })

  test('for a number can be answered again after an answer that is not one', async () => {
    const { slack, desk, alice, direct, posted } = await openDoor(mode, (inbound) => {
      const wrong = inbound.kind === 'press' && inbound.answer !== '0.63'
      if (inbound.kind === 'message' || wrong) return [{ text: 'Which price?', question: price }]
      return [{ text: 'thank you' }]
    })
    await slack.people.say(alice, direct.id, 'stop')
    for (const answer of ['', 'soon', '0.63']) {
      await vi.waitFor(() => expect(labels(posted(direct).at(-1))).toHaveLength(1))
      const before = posted(direct).length
      await slack.people.press(alice, posted(direct).at(-1)!, 'Enter stop loss price & more')
      await vi.waitFor(() => expect(slack.world.views.size).toBe(1))
      await slack.people.submit(alice, answer)
      await vi.waitFor(() => expect(posted(direct).length).toBeGreaterThan(before))
    }
    expect(desk.heard.map((inbound) => inbound.kind === 'press' && inbound.answer)).toEqual([false, '', 'soon', '0.63'])
    expect(posted(direct).map(readableText).at(-1)).toBe('thank you')
    expect(posted(direct).flatMap(labels)).toEqual([])
  })

  test('gives the desk the same id when its form is delivered twice', async () => {
    const { slack, desk, alice, direct, posted } = await openDoor(mode, asking(price))
    await slack.people.say(alice, direct.id, 'stop')
    await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
    const press = await slack.people.press(alice, posted(direct)[0]!, 'Enter stop loss price & more')
    await slack.deliver(press)
    await vi.waitFor(() => expect(slack.world.views.size).toBe(1))
    const submission = await slack.people.submit(alice, '1')
    await slack.deliver(submission)
    await vi.waitFor(() => expect(desk.dropped).toHaveLength(1))
    expect(slack.calls.filter((call) => call.method === 'views.open')).toHaveLength(1)
  })
})

test('a form that Slack no longer opens is reported to the person alone', async () => {
  const { slack, alice, channel, thread, posted } = await openDoor('socket', asking(price))
  await slack.people.say(alice, channel.id, 'stop', { thread: thread() })
  await vi.waitFor(() => expect(posted()).toHaveLength(1))
  slack.fail('views.open', { error: 'expired_trigger_id' })
  await slack.people.press(alice, posted()[0]!, 'Enter stop loss price & more')
  await vi.waitFor(() => expect(slack.world.ephemerals).toHaveLength(1))
  expect(slack.world.ephemerals[0]!.text).toContain('type your answer')
})

test('many choices with long names stay within the limits of Slack', async () => {
  const choices = Array.from({ length: 60 }, (_, index) => ({
    value: `${index}`,
    label: `${index} ${'& '.repeat(80)}`,
  }))
  const question: Question = { ...speed, choices }
  const { slack, desk, alice, direct, posted } = await openDoor('socket', asking(question))
  await slack.people.say(alice, direct.id, 'scaleout')
  await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
  const pressed = labels(posted(direct)[0])[59]!
  expect(labels(posted(direct)[0])).toHaveLength(60)
  await slack.people.press(alice, posted(direct)[0]!, pressed)
  await vi.waitFor(() => expect(desk.heard[1]).toMatchObject({ answer: '59' }))
})

test('foreign buttons and forms are acknowledged, and nothing else happens', async () => {
  const { slack, desk, alice, direct, posted } = await openDoor('socket', asking(speed))
  await slack.people.say(alice, direct.id, 'scaleout')
  await vi.waitFor(() => expect(posted(direct)).toHaveLength(1))
  for (const value of ['', 'fast', 'a|b|c|d', '%|%|%', '||fast']) {
    const forged = structuredClone(posted(direct)[0]!)
    forged.blocks![1].elements[0].value = value
    await slack.people.press(alice, forged, '1️⃣ FAST')
  }
  await slack.people.say(alice, direct.id, 'the end')
  await vi.waitFor(() => expect(desk.heard).toHaveLength(2))
  expect(slack.unacknowledged).toEqual([])
})
