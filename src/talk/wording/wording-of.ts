import type { Notice, Sentences } from '../../trading/notice.ts'

/** One sentence maker for each kind of notice; a plain text is the whole of what is said. */
export type WordingOf<One extends Notice> = {
  [Kind in One['kind']]: (notice: Extract<One, { kind: Kind }>) => string | Sentences
}
