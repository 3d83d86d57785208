import {
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from 'discord.js'
import { formId, shorten } from './buttons.ts'
import { limits } from './limits.ts'

const field = 'answer'

/** The form that asks for a number or a text: one line, under the question's title. */
export function answerForm(questionId: string, title: string): APIModalInteractionResponseCallbackData {
  return {
    custom_id: formId(questionId),
    title: shorten(title, limits.formTitle),
    components: [
      {
        type: ComponentType.Label,
        label: shorten(title, limits.formLabel),
        component: {
          type: ComponentType.TextInput,
          custom_id: field,
          style: TextInputStyle.Short,
          required: true,
          max_length: limits.formAnswer,
        },
      },
    ],
  }
}

/** What was written into a form that was sent in. */
export function writtenAnswer(interaction: ModalSubmitInteraction): string {
  return interaction.fields.getTextInputValue(field).trim()
}
