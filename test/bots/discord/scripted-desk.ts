import type { CommandSpec, HearingDesk } from '../../../src/talk/chat/door.ts'
import type { Inbound } from '../../../src/talk/chat/inbound.ts'
import type { Posted, Reply } from '../../../src/talk/chat/reply.ts'

/** A desk with scripted answers that records all calls. */
export interface ScriptedDesk extends HearingDesk {
  heard: Inbound[]
  delivered(row: number, posted: Posted): Promise<void>
  /** Rows with the place of their post, or `undelivered`. */
  told: { row: number; posted: Posted | 'undelivered' }[]
  /** The answers of `hear`. */
  answer(inbound: Inbound): Promise<Reply[]> | Reply[]
  specs: CommandSpec[]
}

/** Creates a desk that answers `heard …` to everything. */
export function scriptedDesk(): ScriptedDesk {
  const desk: ScriptedDesk = {
    heard: [],
    told: [],
    answer: (inbound) => [{ text: `heard ${inbound.kind === 'message' ? inbound.text : inbound.kind}` }],
    specs: [
      {
        name: 'long',
        description: 'Record a long position that you hold',
        options: [
          { name: 'price', description: 'At this price', type: 'price' },
          { name: 'symbol', description: 'What', type: 'symbol', required: true },
          { name: 'quantity', description: 'How much', type: 'quantity', required: true },
        ],
      },
      {
        name: 'scaleout',
        description: 'Sell a position in chunks over time',
        options: [{ name: 'speed', description: 'How fast', type: 'choice', choices: ['fast', 'medium', 'slow'] }],
      },
      { name: 'cancel scaleout', description: 'End a running scaleout', options: [] },
      {
        name: 'role',
        description: 'Say who may do what',
        options: [{ name: 'member', description: 'Who', type: 'member', required: true }],
      },
      {
        name: 'help',
        description: 'All commands',
        options: [{ name: 'private', description: 'Only you see the answer', type: 'flag' }],
      },
    ],
    async hear(inbound) {
      desk.heard.push(inbound)
      return desk.answer(inbound)
    },
    delivered: async (row, posted) => void desk.told.push({ row, posted }),
    undelivered: async (row) => void desk.told.push({ row, posted: 'undelivered' }),
    aboutForm: async () => undefined,
    faultsIn: async () => [],
    commands: () => desk.specs,
    symbols: (typed) => ['BYND', 'ABYS', 'NVDA'].filter((symbol) => symbol.includes(typed.toUpperCase())),
    suggest: async (_, __, typed) =>
      ['BYND', 'ABYS', 'NVDA']
        .filter((symbol) => symbol.includes(typed.toUpperCase()))
        .map((symbol) => ({ symbol, name: symbol })),
    suggestAnswer: async () => [],
    home: async () => ({ text: '' }),
  }
  return desk
}
