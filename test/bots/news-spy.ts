import type { ConnectionNews, DoorFailed } from '../../src/talk/chat/connection.ts'

/** Records the news of a connection: `connected`, `broken`, `lost`, with a run of the same news as one. */
export interface NewsSpy extends ConnectionNews {
  told: string[]
  /** The number of times that the connection broke: one for each failed attempt. */
  breaks: number
  failures: DoorFailed[]
}

/** Creates a spy without news. */
export function newsSpy(): NewsSpy {
  const told: string[] = []
  const failures: DoorFailed[] = []
  const note = (word: string) => (told.at(-1) === word ? undefined : void told.push(word))
  const spy: NewsSpy = {
    told,
    breaks: 0,
    failures,
    connected: () => note('connected'),
    broken() {
      note('broken')
      spy.breaks += 1
    },
    lost(failure) {
      note('lost')
      failures.push(failure)
    },
  }
  return spy
}
