import type { types } from '@slack/bolt'
import { slices } from '../../src/base/slices.ts'
import { type Action, actionId, type PressedAction, readActionId } from '../../src/talk/chat/action.ts'
import { partedAtColumns } from '../../src/talk/chat/columns.ts'
import type { Place } from '../../src/talk/chat/place.ts'
import { buttonLookOf, type Choice, type Question, type Reply } from '../../src/talk/chat/reply.ts'
import { strips, type Tone } from '../../src/talk/chat/tone.ts'
import { limits } from './limits.ts'
import { messagesOf, type Piece, textOf } from './table.ts'
import type { Self } from './teams.ts'
import { escapeText, shorten, splitText } from './text.ts'

/** One Slack message: people see `blocks` and below them the strip, and `text` is for notifications. */
export interface Part {
  text: string
  blocks: types.KnownBlock[]
  attachments?: types.MessageAttachment[]
}

/** A reply with the line about the slash command that it answers, such as `Alice: /trade pl`. */
export type Said = Reply & { asked?: string }

/** The value of a button: the question, the answer, and whether its conversation is a thread. */
export interface ButtonValue {
  question: string
  answer: string
  inThread: boolean
  /** Set when the button opens the form of a choice: the value of that choice. */
  choice?: string
}

/** The beginnings of the buttons' action ids. */
export const actionIds = { choice: 'choice', form: 'form', action: 'action', menu: 'menu' } as const

/** The action id of the button for a form with a symbol, which completes while somebody types. */
export const symbolFormId = `${actionIds.form}:symbol`

/** The question of a button that gives a command. Its answer is the id of the action. */
const actionQuestion = 'do'

/**
 * Renders a reply as one or more messages within Slack's limits; the buttons are on the last. `inThread` means that the
 * conversation is a thread, or that the reply starts one.
 */
export function renderReply(reply: Said, inThread: boolean): Part[] {
  const parted = partedAtColumns(reply)
  const parts = parted ? messagesOf(parted).map(partOf) : renderText(reply.text)
  if (reply.asked !== undefined) headWith(parts[0]!, reply.asked)
  if (reply.ping !== undefined) mention(parts[0]!, reply.ping)
  const last = parts.at(-1)!.blocks
  if (reply.question) last.push(...renderButtons(reply.question, inThread))
  else if (!reply.private) last.push(...renderActions(reply.actions ?? [], inThread))
  if (reply.tone) parts.at(-1)!.attachments = stripOf(reply.tone)
  return parts
}

/** The strip that shows a tone; empty without one, which takes the strip of an edited message away. */
export function stripOf(tone: Tone | undefined): types.MessageAttachment[] {
  if (tone === undefined) return []
  const { word, colour } = strips[tone]
  return [{ color: `#${colour.toString(16).padStart(6, '0')}`, text: word, fallback: word }]
}

/** Puts the line about a slash command above its answer: Slack shows such a command to nobody else. */
function headWith(part: Part, asked: string): void {
  const line = shorten(asked, limits.askedLine)
  part.text = `${escapeText(line)}\n${part.text}`
  part.blocks.unshift({ type: 'context', elements: [plain(line)] })
}

/** A link to another conversation of the workspace; none for a direct message, or without the address of the workspace. */
export function linkBlocks(
  place: Place | undefined,
  { team, site }: Pick<Self, 'team' | 'site'>,
): types.ContextBlock[] {
  if (place?.door !== 'slack' || place.workspace !== team || !site || !/^[CG]\w+$/.test(place.channel)) return []
  const message = place.thread && /^[\d.]+$/.test(place.thread) ? `/p${place.thread.replace('.', '')}` : ''
  const text = `<${site.replace(/\/*$/, '')}/archives/${place.channel}${message}|Open its thread>`
  return [{ type: 'context', elements: [{ type: 'mrkdwn', text }] }]
}

/** Puts a mention of a person before a message: the one thing that is markup. */
function mention(part: Part, user: string): void {
  const text = `<@${user}>`
  part.text = `${text} ${part.text}`
  part.blocks.unshift({ type: 'section', text: { type: 'mrkdwn', text } })
}

/** Renders plain text as one or more messages: `*`, `_` and `~` stay as they are, and nothing pings anybody. */
export function renderText(text: string): Part[] {
  return splitText(text, limits.sectionText).map((part) => partOf([{ text: part }]))
}

/** One message of pieces. */
function partOf(pieces: Piece[]): Part {
  return { text: escapeText(textOf(pieces)), blocks: pieces.map(({ text, table }) => table ?? section(text)) }
}

const section = (text: string): types.SectionBlock => ({ type: 'section', text: plain(text) })

/** A text object without markup. */
export function plain(text: string): types.PlainTextElement {
  return { type: 'plain_text', text: escapeText(text), emoji: false }
}

function renderButtons(question: Question, inThread: boolean): types.ActionsBlock[] {
  if (question.kind !== 'choice') return blocksOf([[formButton(question, inThread)]], question.id)
  const buttons = question.choices.map((choice, index) => choiceButton(question, choice, index, inThread))
  if (buttons.length <= limits.choiceButtons) return blocksOf([buttons], question.id)
  return menusOf(buttons, question.title, question.id) ?? []
}

/** Actions as rows of buttons, a row about one thing; as menus if there are too many rows. */
export function renderActions(actions: Action[][], inThread: boolean): types.ActionsBlock[] {
  let count = 0
  const rows = actions
    .filter((row) => row.length > 0)
    .map((row) => row.map((action) => actionButton(action, count++, inThread)))
  if (rows.length <= limits.actionRows) return blocksOf(rows, 'actions')
  return menusOf(rows.flat(), 'What to do', 'actions') ?? []
}

function blocksOf(rows: types.Button[][], id: string): types.ActionsBlock[] {
  return rows
    .flatMap((row) => [...slices(row, limits.buttonsInBlock)])
    .map((elements, index) => ({ type: 'actions', block_id: `${id}:${index}`, elements }))
}

/** Buttons as lines of menus, with the same values; undefined if they do not all fit. */
function menusOf(buttons: types.Button[], title: string, id: string): types.ActionsBlock[] | undefined {
  const menus = [...slices(buttons, limits.menuLines)]
  const fits = buttons.every(({ value = '' }) => value.length <= limits.menuValue)
  if (!fits || menus.length > limits.menus) return undefined
  return menus.map((lines, index) => ({
    type: 'actions',
    block_id: `${id}:${index}`,
    elements: [
      {
        type: 'static_select',
        action_id: `${actionIds.menu}:${index}`,
        placeholder: plain(shorten(title, limits.placeholder)),
        options: lines.map(({ text, value = '' }) => ({ text, value })),
      },
    ],
  }))
}

function actionButton(action: Action, index: number, inThread: boolean): types.Button {
  const value = { question: actionQuestion, answer: actionId(action), inThread }
  return { ...button(`${actionIds.action}:${index}`, action.label, value), ...(action.ends && { style: 'danger' }) }
}

/** A choice as a button. On Slack a button without a style is grey. */
function choiceButton(question: Question, choice: Choice, index: number, inThread: boolean): types.Button {
  const plainButton = choice.form?.length
    ? choiceFormButton(question, choice, index, inThread)
    : button(`${actionIds.choice}:${index}`, choice.label, { question: question.id, answer: choice.value, inThread })
  return buttonLookOf(choice) === 'danger' ? { ...plainButton, style: 'danger' } : plainButton
}

function choiceFormButton({ id, title }: Question, choice: Choice, index: number, inThread: boolean): types.Button {
  const titles = [title, ...(choice.form ?? []).map((field) => field.title)]
  const value = { question: id, answer: titles.join('\n'), inThread, choice: choice.value }
  return button(`${actionIds.form}:${index}`, choice.label, value)
}

function formButton(question: Question, inThread: boolean): types.Button {
  const titles = [question.title, ...(question.fields ?? []).map((field) => field.title)]
  const id = question.name === 'symbol' ? symbolFormId : actionIds.form
  return button(id, question.title, { question: question.id, answer: titles.join('\n'), inThread })
}

function button(actionId: string, label: string, value: ButtonValue): types.Button {
  return {
    type: 'button',
    action_id: actionId,
    text: plain(shorten(label, limits.buttonLabel)),
    value: [value.question, value.inThread ? 'thread' : '', value.answer, ...(value.choice ? [value.choice] : [])]
      .map(encodeURIComponent)
      .join('|'),
  }
}

/**
 * Reads the `value` of a pressed button; undefined when it is not one of the desk's. The answer of a form's button is
 * the title of the form and of each field, a line for each.
 */
export function readButton(value: string): ButtonValue | undefined {
  const parts = value.split('|')
  if (parts.length !== 3 && parts.length !== 4) return undefined
  try {
    const [question, place, answer, choice] = parts.map(decodeURIComponent) as [string, string, string, string?]
    return question === '' ? undefined : { question, answer, inThread: place === 'thread', ...(choice && { choice }) }
  } catch {
    return undefined
  }
}

/** The command of a pressed action; undefined for a button of a question. */
export function actionOf({ question, answer }: ButtonValue): PressedAction | undefined {
  return question === actionQuestion ? readActionId(answer) : undefined
}
