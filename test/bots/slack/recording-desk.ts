import type { HearingDesk } from '../../../src/talk/chat/door.ts'
import type { Inbound } from '../../../src/talk/chat/inbound.ts'
import type { Posted, Reply } from '../../../src/talk/chat/reply.ts'

/** A desk with scripted answers that records all calls. It drops repeated events, as the real one does. */
export interface RecordingDesk extends HearingDesk {
  heard: Inbound[]
  /** Events that it had heard before. */
  dropped: Inbound[]
  /** Outcomes of replies with a row, in order; `posted` is absent when the reply was left to the outbox. */
  outcomes: { row: number; posted?: Posted }[]
}

/** Creates a desk that answers with the result of `say`. */
export function recordingDesk(say: (inbound: Inbound) => Reply[] | Promise<Reply[]> = () => []): RecordingDesk {
  const heard: Inbound[] = []
  const dropped: Inbound[] = []
  const outcomes: RecordingDesk['outcomes'] = []
  return {
    heard,
    dropped,
    outcomes,
    async hear(inbound) {
      if (heard.some((earlier) => earlier.id === inbound.id)) {
        dropped.push(inbound)
        return []
      }
      heard.push(inbound)
      return say(inbound)
    },
    delivered: async (row, posted) => void outcomes.push({ row, posted }),
    undelivered: async (row) => void outcomes.push({ row }),
    aboutForm: async () => undefined,
    faultsIn: async () => [],
    commands: () => [],
    symbols: () => [],
    suggest: async () => [],
    suggestAnswer: async (_, __, ___, typed) => [
      { symbol: 'BYND', name: `Beyond <${typed}>`, position: 'LONG 300 BYND @ $1.00' },
    ],
    home: async (author) => ({
      text: `Open positions of ${author.name} (${author.id})\nLONG 3,750 BYND @ $0.63 <& rising>`,
      actions: [[{ label: 'Close BYND', command: 'close', options: { symbol: 'BYND' }, account: 7, ends: true }]],
    }),
  }
}
