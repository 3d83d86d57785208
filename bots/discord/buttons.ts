import {
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIComponentInMessageActionRow,
  ButtonStyle,
  ComponentType,
} from 'discord.js'
import type { Choice, Question } from '../../src/talk/chat/reply.ts'
import { limits } from './limits.ts'

type Row = APIActionRowComponent<APIComponentInMessageActionRow>

/** What the id of a pressed button, or of a form that was sent in, stands for. */
export type Pressed =
  | { kind: 'choice'; questionId: string; answer: string }
  | { kind: 'form'; questionId: string; fields: string[] }

/**
 * A question as rows of buttons: one for each choice, and one that opens a form where something is to be written. No
 * rows where they would not all fit: the numbers in the text answer as well.
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

/** The id of a question's form, and of the button that opens it, which takes along what the fields of the form are called. */
export function formId(questionId: string, fields: string[] = []): string {
  const plain = `form:${questionId}`
  const id = fields.length > 0 ? `${plain}:${fields.join('|')}` : plain
  // Without the titles the form asks for the first answer only; the flow asks for the others.
  return id.length <= limits.customId ? id : plain
}

/** Reads the id of a button or a form; undefined for one that is not the desk's. */
export function readPressed(customId: string): Pressed | undefined {
  const [, kind, questionId, answer] = /^(choice|form):([\w-]{1,40})(?::(.+))?$/su.exec(customId) ?? []
  if (kind === 'choice' && questionId && answer) return { kind, questionId, answer }
  if (kind === 'form' && questionId) return { kind, questionId, fields: answer?.split('|') ?? [] }
  return undefined
}

/** The text in at most `most` characters, with `…` where it was longer: for labels and titles, never for replies. */
export function shorten(text: string, most: number): string {
  const characters = [...text.toWellFormed()]
  while (characters.join('').length > most) characters.splice(-2, 2, '…')
  return characters.join('')
}

/** Discord refuses a message in which two buttons carry the same id. */
function distinct(choices: Choice[]): Choice[] {
  return [...new Map(choices.map((choice) => [choice.value, choice])).values()]
}

function choiceButton(questionId: string, { value, label }: Choice): APIButtonComponentWithCustomId {
  return {
    type: ComponentType.Button,
    style: ButtonStyle.Primary,
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
