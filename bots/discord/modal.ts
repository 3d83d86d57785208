import {
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js'
import { choiceFormId, formId, shorten } from './buttons.ts'
import { limits } from './limits.ts'

const fieldId = (index: number) => (index === 0 ? 'answer' : `answer-${index + 1}`)

/**
 * Builds the form for numbers or texts, of a question or of one `choice` of it: a line for each field, or one line under the question's title without fields.
 */
export function answerForm(
  questionId: string,
  title: string,
  fields: string[] = [],
  choice?: string,
): APIModalInteractionResponseCallbackData {
  const labels = fields.length > 0 ? fields.slice(0, limits.formFields) : [title]
  return {
    custom_id: choice === undefined ? formId(questionId) : choiceFormId(questionId, choice),
    title: shorten(title, limits.formTitle),
    components: labels.map((label, index) => ({
      type: ComponentType.Label,
      label: shorten(label, limits.formLabel),
      component: {
        type: ComponentType.TextInput,
        custom_id: fieldId(index),
        style: TextInputStyle.Short,
        required: true,
        max_length: limits.formAnswer,
      },
    })),
  }
}

/** The texts of a sent form, field by field. */
export function writtenAnswers({ fields }: ModalSubmitInteraction): [string, ...string[]] {
  const ids = [...fields.fields.keys()].map((_, index) => fieldId(index))
  const [first = '', ...more] = ids.map((id) => fields.getTextInputValue(id).trim())
  return [first, ...more]
}
