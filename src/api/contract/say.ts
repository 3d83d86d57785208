import { z } from 'zod'
import { row } from './row.ts'
import { id, inAccount, moment, page, paging } from './shapes.ts'

/** A question of the desk, as in chat. */
export const asked = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['choice', 'number', 'text']),
  choices: z.array(z.object({ value: z.string(), label: z.string(), isDanger: z.boolean() })),
})

/** A message of the desk. */
export const message = z.object({
  /** Absent for an answer that is kept nowhere. */
  id: id.nullable(),
  text: z.string(),
  question: asked.nullable(),
  at: moment,
})

/** A question that waits, with the text in which it was asked. */
const openQuestion = z.object({ text: z.string(), question: asked, expiresAt: moment })

export const sayRows = {
  say: row({
    method: 'POST',
    path: '/api/say',
    summary: 'Says a sentence to the desk, in a conversation of the caller alone, as in chat',
    needs: 'reads',
    acts: true,
    query: z.strictObject(inAccount),
    body: z
      .strictObject({
        text: z.string().min(1).max(4000).optional(),
        answer: z.object({ question: z.string().max(40), value: z.string().max(400) }).optional(),
      })
      .refine(({ text, answer }) => (text === undefined) !== (answer === undefined), 'a text or an answer'),
    answer: z.object({ replies: z.array(message) }),
  }),
  said: row({
    method: 'GET',
    path: '/api/say',
    summary: 'Later messages of the desk in that conversation, the newest first, and the question that is open there',
    needs: 'reads',
    query: z.strictObject({ ...inAccount, ...paging }),
    answer: page(message).extend({
      open: openQuestion
        .nullable()
        .meta({ description: 'The question that waits for an answer there: a number that is said now answers it' }),
    }),
  }),
}

export type Message = z.infer<typeof message>
export type OpenQuestion = z.infer<typeof openQuestion>
export type Asked = z.infer<typeof asked>
