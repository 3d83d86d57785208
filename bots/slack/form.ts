import type { types } from '@slack/bolt'
import { z } from 'zod'
import { type Suggestion, suggestionText } from '../../src/talk/chat/door.ts'
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
 * With `isSymbol` the field is a menu that the desk fills while somebody types (`suggestionsOf`).
 */
export function formView(
  titles: string[],
  form: Omit<OpenedForm, 'place'> & { place: Place },
  { about, isSymbol = false }: { about?: string; isSymbol?: boolean } = {},
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
        element: { ...(isSymbol ? symbolMenu : textField), action_id: fieldId(index), focus_on_load: index === 0 },
      })),
    ],
  }
}

const textField = { type: 'plain_text_input' as const, max_length: limits.formAnswer }

/** A menu that asks the desk for its lines from the first moment, before anything is typed. */
const symbolMenu = {
  type: 'external_select' as const,
  placeholder: plain('Type a symbol or a name'),
  min_query_length: 0,
}

/** The lines of the menu of symbols: `BYND · LONG 300 BYND @ $1.00 · Beyond Meat`. */
export function suggestionsOf(found: Suggestion[]): types.PlainTextOption[] {
  return found
    .filter(({ symbol }) => symbol !== '' && symbol.length <= limits.suggestion)
    .slice(0, limits.suggestions)
    .map((one) => ({ text: plain(shorten(suggestionText(one), limits.suggestion)), value: one.symbol }))
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
