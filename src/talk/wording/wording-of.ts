import type { Asking } from '../../watch/notices.ts'

/** One sentence maker for each kind of notice; a plain text is the whole of what is said. */
export type WordingOf<One extends { kind: string }> = {
  [Kind in One['kind']]: (notice: Extract<One, { kind: Kind }>) => string | Asking
}
