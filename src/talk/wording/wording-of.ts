import type { WatchSentences } from '../../watch/notices.ts'

/** A function for each kind of notice that makes its sentences. A plain string is the complete text. */
export type WordingOf<One extends { kind: string }> = {
  [Kind in One['kind']]: (notice: Extract<One, { kind: Kind }>) => string | WatchSentences
}
