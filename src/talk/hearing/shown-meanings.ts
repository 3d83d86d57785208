import { z } from 'zod'

/** The name of the question for the meaning of a message. */
export const meaningQuestion = 'meaning'

/** The meanings that such a question has shown, in the order of its choices. */
export const shownMeanings = z.object({
  flow: z.literal('meanings'),
  v: z.literal(1),
  meanings: z.array(z.object({ command: z.string(), given: z.record(z.string(), z.string()) })),
})
export type ShownMeanings = z.infer<typeof shownMeanings>
