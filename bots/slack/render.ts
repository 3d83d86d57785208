import type { types } from '@slack/bolt'
import { type Choice, type Question, type Reply, toneOf } from '../../src/talk/chat/reply.ts'
import { limits } from './limits.ts'
import { escapeText, shorten, splitText } from './text.ts'

/** One Slack message: people see `blocks`, and `text` is for notifications. */
export interface Part {
  text: string
  blocks: types.KnownBlock[]
}

/** The value of a button: the question, the answer, and whether its conversation is a thread. */
export interface ButtonValue {
  question: string
  answer: string
  inThread: boolean
}

/** The beginnings of the buttons' action ids. */
export const actionIds = { choice: 'choice', form: 'form' } as const

/**
 * Renders a reply as one or more messages within Slack's limits; the buttons are on the last. `inThread` means that the
 * conversation is a thread, or that the reply starts one.
 */
export function renderReply(reply: Reply, inThread: boolean): Part[] {
  const parts = renderText(reply.text)
  if (reply.question) parts.at(-1)!.blocks.push(...renderButtons(reply.question, inThread))
  return parts
}

/** Renders plain text as one or more messages: `*`, `_` and `~` stay as they are, and nothing pings anybody. */
export function renderText(text: string): Part[] {
  return splitText(text, limits.sectionText).map((part) => ({
    text: escapeText(part),
    blocks: [{ type: 'section', text: plain(part) }],
  }))
}

/** A text object without markup. */
export function plain(text: string): types.PlainTextElement {
  return { type: 'plain_text', text: escapeText(text), emoji: false }
}

function renderButtons(question: Question, inThread: boolean): types.ActionsBlock[] {
  const buttons =
    question.kind === 'choice'
      ? question.choices.map((choice, index) => choiceButton(question, choice, index, inThread))
      : [formButton(question, inThread)]
  const blocks: types.ActionsBlock[] = []
  for (let start = 0; start < buttons.length; start += limits.buttonsInBlock) {
    const elements = buttons.slice(start, start + limits.buttonsInBlock)
    blocks.push({ type: 'actions', block_id: `${question.id}:${start}`, elements })
  }
  return blocks
}

/** A choice as a button. On Slack a button without a style is grey. */
function choiceButton(question: Question, choice: Choice, index: number, inThread: boolean): types.Button {
  const value = { question: question.id, answer: choice.value, inThread }
  const plainButton = button(`${actionIds.choice}:${index}`, choice.label, value)
  return toneOf(choice) === 'danger' ? { ...plainButton, style: 'danger' } : plainButton
}

function formButton(question: Question, inThread: boolean): types.Button {
  const titles = [question.title, ...(question.fields ?? []).map((field) => field.title)]
  return button(actionIds.form, question.title, { question: question.id, answer: titles.join('\n'), inThread })
}

function button(actionId: string, label: string, value: ButtonValue): types.Button {
  return {
    type: 'button',
    action_id: actionId,
    text: plain(shorten(label, limits.buttonLabel)),
    value: [value.question, value.inThread ? 'thread' : '', value.answer].map(encodeURIComponent).join('|'),
  }
}

/**
 * Reads the `value` of a pressed button; undefined when it is not one of the desk's. The answer of a form's button is
 * the title of the form and of each field, a line for each.
 */
export function readButton(value: string): ButtonValue | undefined {
  const parts = value.split('|')
  if (parts.length !== 3) return undefined
  try {
    const [question, place, answer] = parts.map(decodeURIComponent) as [string, string, string]
    return question === '' ? undefined : { question, answer, inThread: place === 'thread' }
  } catch {
    return undefined
  }
}
