import { z } from 'zod'
import { row } from './row.ts'
import { amount, done, id, inAccount, moment, page, paging, symbol, whole } from './shapes.ts'

const action = z.enum(['HOLD', 'EXIT', 'TRAIL_STOP', 'TRIM'])

export const decision = z.object({
  id,
  event: id,
  symbol: z.string(),
  action,
  /** The share of the price to trail by, or of the position to trim. */
  amount: amount.nullable(),
  confidence: amount.nullable(),
  reasoning: z.string(),
  source: z.enum(['llm', 'rules']),
  model: z.string().nullable(),
  state: z.enum(['proposed', 'accepted', 'declined', 'expired', 'acted', 'refused']),
  chosen: action.nullable(),
  outcome: z.string().nullable(),
  decidedAt: moment,
  expiresAt: moment,
})

/** A question of the guardian that waits for its answer. `id` is that of its decision. */
export const question = z.object({
  id,
  symbol: z.string(),
  title: z.string(),
  text: z.string(),
  reasoning: z.string(),
  choices: z.array(z.object({ value: action, label: z.string(), isDanger: z.boolean() })),
  /** May this caller answer it? Only the member who was asked may. */
  isYours: z.boolean(),
  askedAt: moment,
  expiresAt: moment,
})

export const guardianRows = {
  decisions: row({
    method: 'GET',
    path: '/api/decisions',
    summary: 'Decisions of the guardian, the newest first',
    needs: 'reads',
    query: z.strictObject({ ...inAccount, ...paging, symbol: symbol.optional() }),
    answer: page(decision),
  }),
  questions: row({
    method: 'GET',
    path: '/api/questions',
    summary: 'Questions of the guardian that wait for an answer',
    needs: 'reads',
    query: z.strictObject(inAccount),
    answer: page(question),
  }),
  answerQuestion: row({
    method: 'POST',
    path: '/api/questions/{id}/answer',
    summary: 'Answers a question of the guardian, once for all places where it is shown',
    needs: 'trades',
    acts: true,
    exits: true,
    params: z.strictObject({ id: whole(1, Number.MAX_SAFE_INTEGER) }),
    body: z.strictObject({ choice: action }),
    answer: done,
  }),
}

export type Decision = z.infer<typeof decision>
export type Question = z.infer<typeof question>
