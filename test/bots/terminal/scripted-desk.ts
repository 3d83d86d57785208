import { setTimeout as wait } from 'node:timers/promises'
import type { HearingDesk, Poster } from '../../../src/talk/chat/door.ts'
import type { Inbound } from '../../../src/talk/chat/inbound.ts'

/** A desk for one terminal with scripted answers that records all calls. */
export interface ScriptedDesk extends HearingDesk {
  heard: Inbound[]
  /** `delivered 7` or `undelivered 7`, in order. */
  told: string[]
  /** The poster for jobs; set once the door is open. */
  poster?: Poster
  idle(): Promise<void>
  left(): Promise<string | undefined>
}

/** Creates a scripted desk: `answer` has its answers. It repeats any other text with its length. */
export function scriptedDesk(): ScriptedDesk {
  let running: Promise<void> = Promise.resolve()
  let rests: string | undefined
  let atOnce = 0
  const heard: Inbound[] = []
  const told: string[] = []
  const desk: ScriptedDesk = {
    heard,
    told,
    async hear(inbound) {
      heard.push(inbound)
      atOnce += 1
      // Later messages are answered faster: only a door that waits for each answer keeps the order.
      await wait(40 / heard.length)
      const replies = answer(inbound.kind === 'message' ? inbound.text : '')
      atOnce -= 1
      return replies
    },
    delivered: async (row) => void told.push(`delivered ${row}`),
    undelivered: async (row) => void told.push(`undelivered ${row}`),
    aboutForm: async () => undefined,
    faultsIn: async () => [],
    commands: () => [
      { name: 'scaleout', description: 'Sell in chunks', options: [] },
      { name: 'short', description: 'Record a short position', options: [] },
    ],
    symbols: (typed) => ['BYND', 'ABYS', 'NVDA'].filter((symbol) => symbol.includes(typed.toUpperCase())),
    suggest: async () => [],
    suggestAnswer: async () => [],
    home: async () => ({ text: '' }),
    idle: () => running,
    left: async () => rests,
  }
  return desk

  function answer(text: string) {
    const [word = '', number = '1'] = text.split(' ')
    switch (word) {
      case 'job':
        running = job(Number(number))
        return [{ text: 'started' }]
      case 'endless':
        running = new Promise(() => {})
        return [{ text: 'started' }]
      case 'row':
        return [{ text: `said ${number}`, row: Number(number) }]
      case 'step':
        return [{ text: 'a step', hint: 'the next one' }]
      case 'rest':
        rests = 'one rests'
        return [{ text: 'rests' }]
      case 'escape':
        return [{ text: '\u001b[2J\u001b]0;owned\u0007\u009b31mred\r\nnext \u202etxet\ttab' }]
      case 'big':
        return [{ text: `${'x'.repeat(Number(number))}END` }]
      case 'broken':
        throw new Error('the desk broke')
      case 'nothing':
        return []
      default:
        return [{ text: `heard ${JSON.stringify(text.slice(0, 80))} of ${text.length}, ${atOnce} at once` }]
    }
  }

  async function job(posts: number): Promise<void> {
    for (let post = 1; post <= posts; post += 1) {
      await wait(20)
      await desk.poster?.post({
        key: `job-${post}`,
        place: { door: 'terminal', workspace: '', channel: 'local' },
        reply: { text: `chunk ${post}/${posts}` },
      })
    }
  }
}
