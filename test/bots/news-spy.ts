import type { ConnectionNews, DoorFailed } from '../../src/talk/chat/connection.ts'

/** Writes down what a door tells of its connection: `connected`, `broken`, `lost`, each run of the same once. */
export interface NewsSpy extends ConnectionNews {
  told: string[]
  /** How often it told that the line broke: once for each attempt that did not come through. */
  breaks: number
  failures: DoorFailed[]
}

/** A spy that has heard nothing. */
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
