import { expect, test } from 'vitest'
import { buttonRows } from '../../bots/discord/buttons.ts'
import { slashCommands } from '../../bots/discord/commands.ts'
import { renderReply } from '../../bots/slack/render.ts'
import type { Choice, Question } from '../../src/talk/chat/reply.ts'
import { handlers } from '../../src/talk/commands/index.ts'
import { commandSpecs } from '../../src/talk/hearing/command-specs.ts'
import { readBody } from '../../src/talk/outbox/body.ts'

const question = (choices: Choice[]): Question => ({ id: 'q', name: 'sure', kind: 'choice', title: 'Sure?', choices })

/** The styles of the buttons on Discord (1 blue, 2 grey, 4 red) and on Slack (`danger` or none). */
function stylesOf(asked: Question) {
  const discord = buttonRows(asked).flatMap(({ components }) =>
    components.map((button) => ('style' in button ? button.style : undefined)),
  )
  const slack = renderReply({ text: 'Sure?', question: asked }, false).flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.type === 'actions' ? block.elements : [])),
  )
  return { discord, slack: slack.map((button) => ('style' in button ? button.style : undefined)) }
}

test('shows a YES that closes everything in red and the NO in grey, also after the outbox kept the question', () => {
  const asked = question([
    { value: 'yes', label: 'YES', danger: true },
    { value: 'no', label: 'NO' },
  ])
  expect(stylesOf(asked)).toEqual({ discord: [4, 2], slack: ['danger', undefined] })
  expect(readBody({ text: 'Sure?', question: asked })?.question).toEqual(asked)
  const usual = question([
    { value: 'fast', label: 'FAST' },
    { value: 'slow', label: 'SLOW' },
  ])
  expect(stylesOf(usual)).toEqual({ discord: [1, 1], slack: [undefined, undefined] })
})

test('keeps the tone of a reply in the outbox, and says a tone that it does not know without a colour', () => {
  expect(readBody({ text: 'sold', tone: 'loss' })).toEqual({ text: 'sold', tone: 'loss' })
  expect(readBody({ text: 'sold', tone: 'violet' })).toEqual({ text: 'sold', tone: undefined })
})

const registered = Object.values(handlers)
  .sort((a, b) => a.position - b.position)
  .map((command) => ({ ...command, command, aliases: [] }))
const specs = commandSpecs(registered)

test('puts the commonest commands directly under /trade, help first', () => {
  const [trade] = slashCommands(specs)
  const direct = (trade?.options ?? []).map(({ name }) => name)
  expect(trade?.name).toBe('trade')
  expect(direct.slice(0, 10)).toEqual('help positions pl scaleout close buy sell stop target orders'.split(' '))
  expect(direct.length).toBeLessThanOrEqual(25)
  expect(specs).toHaveLength(registered.length)
})

test("keeps every description of the desk's commands whole in its slash commands", () => {
  const texts: string[] = []
  const walk = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    if ('description' in part) texts.push(String(part.description))
    for (const value of Object.values(part)) walk(value)
  }
  walk(slashCommands(specs))
  for (const { description, options } of specs) {
    expect(description.length).toBeLessThanOrEqual(100)
    expect(texts).toContain(description)
    for (const option of options) expect(texts).toContain(option.description)
  }
  expect(texts.filter((text) => text.endsWith('…'))).toEqual([])
})
