import type { Budget } from '../budget.ts'

/** A source did not answer a question about the market; the message is for the log and `sources`. */
export class NoData extends Error {
  override name = 'NoData'
  /** The status of the answer; undefined without one. */
  status?: number
  constructor(message: string, status?: number, cause?: unknown) {
    super(message, { cause })
    this.status = status
  }
}

/** The pause after a 429 that names none, in milliseconds. */
const tooManyMs = 5000

/** Corrects a budget by what an answer says is left of it, and pauses it after a 429. */
export function noteLimit(budget: Budget, { headers, status }: Response): void {
  const left = Number(headers.get('x-ratelimit-remaining') ?? Number.NaN)
  if (left >= 0) budget.correct(left)
  if (status !== 429) return
  const after = Number(headers.get('retry-after') ?? Number.NaN)
  budget.pause(after >= 0 ? after * 1000 : tooManyMs)
}
