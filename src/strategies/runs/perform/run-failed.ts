/** The run cannot go on, for a reason that its member understands. */
export class RunFailed extends Error {
  override name = 'RunFailed'
  readonly code: string
  constructor(code: string, sentence: string) {
    super(sentence)
    this.code = code
  }
}
