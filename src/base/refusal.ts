import type { RefusalCode } from './refusal-codes.ts'

/** The reason why the desk did not act: a code for the audit, a sentence for the person, and what to do instead. */
export class Refusal {
  readonly code: RefusalCode
  readonly sentence: string
  readonly instead?: string
  /** Both for a person, with their signs. */
  readonly text: string
  /** The text without its words that nothing was done, for use when something else was done. */
  readonly beside: string
  /** Does it make sense to ask the pending question again? Nothing was done. */
  readonly askAgain: boolean
  /** The part of what was said that is wrong, by its name in the schema: `min_score`. */
  readonly field?: string
  /** What else is wrong with the same request, each with its field, for a form that marks all of it. */
  readonly also: readonly Refusal[]

  constructor(
    code: RefusalCode,
    sentence: string,
    instead?: string,
    options: { askAgain?: boolean; field?: string; also?: readonly Refusal[] } = {},
  ) {
    this.code = code
    this.sentence = sentence
    if (instead) this.instead = instead
    const only = sentence.replace(/ Nothing was (done|sold|bought|traded)\.$/, '')
    this.beside = `⚠️ ${only}${instead ? `\n💡 ${instead}` : ''}`
    this.text = instead ? `⚠️ ${sentence}\n💡 ${instead}` : `⚠️ ${sentence}`
    this.askAgain = options.askAgain ?? false
    this.also = options.also ?? []
    if (options.field !== undefined) this.field = options.field
  }
}
