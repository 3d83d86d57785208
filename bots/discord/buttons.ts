import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  ButtonStyle,
  ComponentType,
} from 'discord.js'
import { type Choice, type Question, toneOf } from '../../src/talk/chat/reply.ts'
import { limits } from './limits.ts'

type Row = APIActionRowComponent<APIComponentInMessageActionRow>

/** The meaning of the id of a pressed button or of a sent form. */
export type Pressed =
  | { kind: 'choice'; questionId: string; answer: string }
  | { kind: 'form'; questionId: string; fields: string[] }

/**
 * A question as rows of buttons: one button for each choice, and one that opens a form for a written answer. Returns no
 * rows if the buttons do not all fit: people can then answer with the numbers in the text.
 */
export function buttonRows(question: Question): Row[] {
  const buttons = distinct(question.choices).map((choice) => choiceButton(question.id, choice))
  if (question.kind !== 'choice') buttons.push(formButton(question))
  const fits =
    buttons.length <= limits.rows * limits.buttonsInRow &&
    buttons.every((button) => button.custom_id.length <= limits.customId)
  if (!fits) return []
  const rows: Row[] = []
  for (let first = 0; first < buttons.length; first += limits.buttonsInRow) {
    rows.push({ type: ComponentType.ActionRow, components: buttons.slice(first, first + limits.buttonsInRow) })
  }
  return rows
}

/** The id of a question's form and of the button that opens it. The button's id also holds the titles of the fields. */
export function formId(questionId: string, fields: string[] = []): string {
  const plain = `form:${questionId}`
  const id = fields.length > 0 ? `${plain}:${fields.join('|')}` : plain
  // Without the titles the form asks for the first answer only; the desk then asks for the others.
  return id.length <= limits.customId ? id : plain
}

/** Reads the id of a button or a form; undefined when it is not the desk's. */
export function readPressed(customId: string): Pressed | undefined {
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
    style: styles[toneOf(choice)],
    custom_id: `choice:${questionId}:${value}`,
    label: shorten(label.trim() || value, limits.buttonLabel),
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
