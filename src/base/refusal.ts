import type { RefusalCode } from './refusal-codes.ts'

/** Why the desk did not do what was asked: a code for the audit, a sentence for the person, and what to do instead. */
export class Refusal {
  readonly code: RefusalCode
  readonly text: string
  /** The same where something else was done: without the words that nothing was. */
  readonly beside: string
  /** Nothing was done: is there still a point in asking the pending question again? */
  readonly askAgain: boolean

  constructor(code: RefusalCode, sentence: string, instead?: string, options: { askAgain?: boolean } = {}) {
    this.code = code
    const only = sentence.replace(/ Nothing was (done|sold|bought|traded)\.$/, '')
    this.beside = `⚠️ ${only}${instead ? `\n💡 ${instead}` : ''}`
    this.text = instead ? `⚠️ ${sentence}\n💡 ${instead}` : `⚠️ ${sentence}`
    this.askAgain = options.askAgain ?? false
  }
}
