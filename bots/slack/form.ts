import type { types } from '@slack/bolt'
import { z } from 'zod'
import type { Place } from '../../src/chat/place.ts'
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
})

/** What a form was opened for: the question, its conversation, and the `ts` of the message with the button. */
export type OpenedForm = z.infer<typeof opened>

/** The form that asks for one answer. The field takes any text: whether `$.63` is a price is for the desk to say. */
export function formView(title: string, form: { question: string; place: Place; message: string }): types.ModalView {
  return {
    type: 'modal',
    callback_id: formId,
    private_metadata: JSON.stringify(form),
    title: plain(shorten(title, limits.formTitle)),
    submit: plain('Send'),
    close: plain('Cancel'),
    blocks: [
      {
        type: 'input',
        block_id: 'answer',
        label: plain(shorten(title, limits.formLabel)),
        element: { type: 'plain_text_input', action_id: 'answer', max_length: limits.formAnswer, focus_on_load: true },
      },
    ],
  }
}

/** What `private_metadata` of a form says; undefined when it is not one of the desk's. */
export function readForm(metadata: string): OpenedForm | undefined {
  try {
    const parsed = opened.safeParse(JSON.parse(metadata))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}
