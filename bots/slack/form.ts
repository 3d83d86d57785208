import type { types } from '@slack/bolt'
import { z } from 'zod'
import type { Place } from '../../src/talk/chat/place.ts'
import { limits } from './limits.ts'
import { plain } from './render.ts'
import { shorten } from './text.ts'

/** The form's `callback_id`. */
export const formId = 'answer'

const opened = z.object({
  question: z.string().min(1),
  place: z.object({
    door: z.literal('slack'),
    workspace: z.string(),
    channel: z.string().min(1),
    thread: z.string().optional(),
  }),
  message: z.string().min(1),
  choice: z.string().optional(),
})

/** The origin of a form: the question, its choice if the form is of one, its conversation, and the `ts` of the message with the button. */
export type OpenedForm = z.infer<typeof opened>

/** The id of a field's block and of its input. */
export const fieldId = (index: number) => (index === 0 ? 'answer' : `answer-${index + 1}`)

/**
 * The form of a question: the first of `titles` is the question's own, the others are those of its fields. Without
 * others there is one field under the title. `about` stands above the fields. A field accepts any text: the desk decides whether `$.63` is a price.
 */
export function formView(
  titles: string[],
  form: Omit<OpenedForm, 'place'> & { place: Place },
  about?: string,
): types.ModalView {
  const [title = '', ...fields] = titles
  const labels = fields.length > 0 ? fields : [title]
  return {
    type: 'modal',
    callback_id: formId,
    private_metadata: JSON.stringify(form),
    title: plain(shorten(title, limits.formTitle)),
    submit: plain('Send'),
    close: plain('Cancel'),
    blocks: [
      ...(about === undefined ? [] : [{ type: 'section' as const, text: plain(shorten(about, limits.sectionText)) }]),
      ...labels.map((label, index) => ({
        type: 'input' as const,
        block_id: fieldId(index),
        label: plain(shorten(label, limits.formLabel)),
        element: {
          type: 'plain_text_input' as const,
          action_id: fieldId(index),
          max_length: limits.formAnswer,
          focus_on_load: index === 0,
        },
      })),
    ],
  }
}

/** The faults of a sent form as Slack shows them, below the fields; undefined when there are none. */
export function formErrors(faults: (string | undefined)[]): Record<string, string> | undefined {
  const wrong = faults.flatMap((fault, index) => (fault === undefined ? [] : [[fieldId(index), fault] as const]))
  return wrong.length > 0 ? Object.fromEntries(wrong) : undefined
}

/** Reads the `private_metadata` of a form; undefined when it is not one of the desk's. */
export function readForm(metadata: string): OpenedForm | undefined {
  try {
    const parsed = opened.safeParse(JSON.parse(metadata))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}
