import {
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js'
import { choiceFormId, formId, shorten } from './buttons.ts'
import { limits } from './limits.ts'
import { literal } from './literal.ts'

const fieldId = (index: number) => (index === 0 ? 'answer' : `answer-${index + 1}`)

/**
 * Builds the form for numbers or texts, of a question or of one `choice` of it: a line for each field, or one line under the
 * question's title without fields. `about` stands above them.
 */
export function answerForm(
  questionId: string,
  title: string,
  { fields = [], choice, about }: { fields?: string[]; choice?: string; about?: string } = {},
): APIModalInteractionResponseCallbackData {
  const most = limits.formParts - (about === undefined ? 0 : 1)
  const labels = fields.length > 0 ? fields.slice(0, most) : [title]
  return {
    custom_id: choice === undefined ? formId(questionId) : choiceFormId(questionId, choice),
    title: shorten(title, limits.formTitle),
    components: [
      ...(about === undefined
        ? []
        : [{ type: ComponentType.TextDisplay as const, content: shorten(literal(about), limits.content) }]),
      ...labels.map((label, index) => ({
        type: ComponentType.Label as const,
        label: shorten(label, limits.formLabel),
        component: {
          type: ComponentType.TextInput as const,
          custom_id: fieldId(index),
          style: TextInputStyle.Short,
          required: true,
          max_length: limits.formAnswer,
        },
      })),
    ],
  }
}

/** The texts of a sent form, field by field. */
export function writtenAnswers({ fields }: ModalSubmitInteraction): [string, ...string[]] {
  const ids = [...fields.fields.keys()].map((_, index) => fieldId(index))
  const [first = '', ...more] = ids.map((id) => fields.getTextInputValue(id).trim())
  return [first, ...more]
}
