import { z } from 'zod'
import { doorNames } from '../chat/place.ts'
import type { Reply } from '../chat/reply.ts'
import { tones } from '../chat/tone.ts'

const choice = z.object({
  value: z.string(),
  label: z.string(),
  aliases: z.array(z.string()).optional(),
  danger: z.boolean().optional(),
  form: z.array(z.object({ name: z.string(), title: z.string() })).optional(),
})

const question = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['choice', 'number', 'text']),
  title: z.string(),
  choices: z.array(choice),
  orPrice: z.string().optional(),
  fields: z.array(z.object({ name: z.string(), title: z.string() })).optional(),
})

const action = z.object({
  label: z.string(),
  command: z.string(),
  options: z.record(z.string(), z.string()),
  account: z.number(),
  ends: z.literal(true).optional(),
})

const cell = z.object({ value: z.string(), before: z.string().optional(), after: z.string().optional() })

const columns = z.object({
  columns: z.array(z.object({ head: z.string(), isAmount: z.literal(true).optional() })),
  rows: z.array(z.array(cell)),
})

const place = z.object({
  door: z.enum(doorNames),
  workspace: z.string(),
  channel: z.string(),
  thread: z.string().optional(),
  person: z.string().optional(),
})

const kept = z.object({
  run: z.number(),
  name: z.string(),
  alt: z.string(),
  course: z.array(z.number()).optional(),
})

const stored = z.object({
  text: z.string(),
  // Columns of another version of the desk only cost the look.
  columns: columns.optional().catch(undefined),
  question: question.optional(),
  actions: z.array(z.array(action)).optional(),
  settled: z.array(z.string()).optional(),
  // A tone of another version of the desk only costs the colour.
  tone: z.enum(tones).optional().catch(undefined),
  private: z.boolean().optional(),
  link: place.optional(),
  ping: z.string().optional(),
  thread: z.string().optional(),
  anew: z.string().optional(),
  // Without its picture the text still stands.
  kept: kept.optional().catch(undefined),
})

/** Parses the body of a row of the outbox; undefined when it is invalid. */
export function readBody(body: unknown): Reply | undefined {
  const parsed = stored.safeParse(body)
  return parsed.success ? parsed.data : undefined
}
