import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  type APIStringSelectComponent,
  ButtonStyle,
  ComponentType,
} from 'discord.js'
import { slices } from '../../src/base/slices.ts'
import { type Action, actionId, type PressedAction, readActionId } from '../../src/talk/chat/action.ts'
import type { Place } from '../../src/talk/chat/place.ts'
import { buttonLookOf, type Choice, type Question } from '../../src/talk/chat/reply.ts'
import { limits } from './limits.ts'

type Row = APIActionRowComponent<APIComponentInMessageActionRow>

/** The meaning of the id of a pressed button, of a picked line of a menu, or of a sent form. */
export type Pressed =
  | ({ kind: 'action' } & PressedAction)
  | { kind: 'choice'; questionId: string; answer: string }
  /** `choice` is the chosen value when the form belongs to a choice. */
  | { kind: 'form'; questionId: string; fields: string[]; choice?: string }

/**
 * A question as rows of buttons: one button for each choice, and one that opens a form for a written answer. More choices than
 * two rows become menus. Returns no rows if they do not all fit: people can then answer with the numbers in the text.
 */
export function buttonRows(question: Question): Row[] {
  const buttons = distinct(question.choices).map((choice) => choiceButton(question.id, choice))
  if (question.kind !== 'choice') buttons.push(formButton(question))
  if (buttons.some((button) => button.custom_id.length > limits.customId)) return []
  if (buttons.length <= limits.choiceRows * limits.buttonsInRow) return rowsOf([buttons])
  return menusOf(buttons, question.title) ?? []
}

/** Actions as rows of buttons, a row about one thing; as menus if there are too many rows. */
export function actionRows(actions: Action[][]): Row[] {
  const rows = actions
    .map((row) => row.map(actionButton).filter(({ custom_id }) => custom_id.length <= limits.customId))
    .filter((row) => row.length > 0)
  const made = rowsOf(rows)
  return made.length <= limits.rows ? made : (menusOf(rows.flat(), 'What to do') ?? [])
}

/** A button that leads to a thread or channel of a guild; no row for any other place. */
export function linkRow(place: Place | undefined): Row[] {
  if (place?.door !== 'discord' || place.workspace === '' || place.channel === '') return []
  const url = `https://discord.com/channels/${place.workspace}/${place.channel}`
  const button = { type: ComponentType.Button, style: ButtonStyle.Link, label: 'Open its thread', url } as const
  return [{ type: ComponentType.ActionRow, components: [button] }]
}

function rowsOf(buttons: APIButtonComponentWithCustomId[][]): Row[] {
  return buttons
    .flatMap((row) => [...slices(row, limits.buttonsInRow)])
    .map((components) => ({ type: ComponentType.ActionRow, components }))
}

/** Buttons as lines of menus, with the same ids; undefined if they do not all fit. */
function menusOf(buttons: APIButtonComponentWithCustomId[], title: string): Row[] | undefined {
  const menus = [...slices(buttons, limits.listed)]
  if (menus.length > limits.rows) return undefined
  return menus.map((lines, index) => {
    const first = index * limits.listed + 1
    const numbers = menus.length > 1 ? ` (${first}-${first + lines.length - 1})` : ''
    const menu: APIStringSelectComponent = {
      type: ComponentType.StringSelect,
      custom_id: `menu:${index}`,
      placeholder: `${shorten(title.trim() || 'Choose', limits.placeholder - numbers.length)}${numbers}`,
      options: lines.map(({ custom_id, label = '' }) => ({ value: custom_id, label })),
    }
    return { type: ComponentType.ActionRow, components: [menu] }
  })
}

/** The id of a choice's form, and of the button that opens it. The button's id also holds the titles of the fields. */
export function choiceFormId(questionId: string, choice: string, fields: string[] = []): string {
  return [`pick:${questionId}:${choice}`, ...(fields.length > 0 ? [fields.join('|')] : [])].join(':')
}

/** The id of a question's form and of the button that opens it. The button's id also holds the titles of the fields. */
export function formId(questionId: string, fields: string[] = []): string {
  const plain = `form:${questionId}`
  const id = fields.length > 0 ? `${plain}:${fields.join('|')}` : plain
  // Without the titles the form asks for the first answer only; the desk then asks for the others.
  return id.length <= limits.customId ? id : plain
}

/** Reads the id of a button, a line of a menu or a form; undefined when it is not the desk's. */
export function readPressed(customId: string): Pressed | undefined {
  const action = readActionId(customId)
  if (action) return { kind: 'action', ...action }
  const picked = /^pick:([\w-]{1,40}):([^:]+)(?::(.+))?$/su.exec(customId)
  if (picked) return { kind: 'form', questionId: picked[1]!, choice: picked[2]!, fields: picked[3]?.split('|') ?? [] }
  const [, kind, questionId, answer] = /^(choice|form):([\w-]{1,40})(?::(.+))?$/su.exec(customId) ?? []
  if (kind === 'choice' && questionId && answer) return { kind, questionId, answer }
  if (kind === 'form' && questionId) return { kind, questionId, fields: answer?.split('|') ?? [] }
  return undefined
}

/** Cuts a text to at most `most` characters, with `…` at the cut; for labels and titles, never for replies. */
export function shorten(text: string, most: number): string {
  const characters = [...text.toWellFormed()]
  while (characters.join('').length > most) characters.splice(-2, 2, '…')
  return characters.join('')
}

/** Removes double choices: Discord refuses a message in which two buttons have the same id. */
function distinct(choices: Choice[]): Choice[] {
  return [...new Map(choices.map((choice) => [choice.value, choice])).values()]
}

const styles = { danger: ButtonStyle.Danger, quiet: ButtonStyle.Secondary, usual: ButtonStyle.Primary } as const

function choiceButton(questionId: string, choice: Choice): APIButtonComponentWithCustomId {
  const { value, label } = choice
  return {
    type: ComponentType.Button,
    style: styles[buttonLookOf(choice)],
    custom_id: choiceId(questionId, choice),
    label: shorten(label.trim() || value, limits.buttonLabel),
  }
}

/** The id of a choice's button. Without room for the titles of its form the button gives the choice alone. */
function choiceId(questionId: string, { value, form = [] }: Choice): string {
  const titles = form.map((field) => field.title.replaceAll('|', ' '))
  const opening = choiceFormId(questionId, value, titles)
  const opens = form.length > 0 && !value.includes(':') && opening.length <= limits.customId
  return opens ? opening : `choice:${questionId}:${value}`
}

function actionButton(action: Action): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style: action.ends ? ButtonStyle.Danger : ButtonStyle.Secondary,
    custom_id: actionId(action),
    label: shorten(action.label, limits.buttonLabel),
  }
}

function formButton({ id, title, fields = [] }: Question): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style: ButtonStyle.Secondary,
    custom_id: formId(
      id,
      fields.map((field) => field.title.replaceAll('|', ' ')),
    ),
    label: shorten(title.trim() || 'Answer', limits.buttonLabel),
  }
}
