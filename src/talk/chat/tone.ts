import type { Big } from '../../base/amounts.ts'

export const tones = ['gain', 'loss', 'warning', 'critical', 'live', 'broker paper'] as const

/** The tone of a message. Most messages have none. */
export type Tone = (typeof tones)[number]

/**
 * The look of each tone: a coloured strip below the text, with one word, since colour alone tells nothing to some people. The text
 * says all without the strip, so that nothing is lost where people or a channel show none. Colours are 0xRRGGBB.
 */
export const strips: Record<Tone, { word: string; colour: number }> = {
  gain: { word: 'Gain', colour: 0x2e9e5b },
  loss: { word: 'Loss', colour: 0xd6455d },
  warning: { word: 'Warning', colour: 0xe0a30b },
  critical: { word: 'Critical', colour: 0xb3001b },
  // Whose money an account has, in a list of accounts.
  live: { word: 'LIVE', colour: 0xc92a2a },
  'broker paper': { word: 'BROKER PAPER', colour: 0x3b6fd4 },
}

/** The tone of a profit in dollars; a zero has none. */
export function toneOfProfit(profit: Big): Tone | undefined {
  if (profit.eq(0)) return undefined
  return profit.gt(0) ? 'gain' : 'loss'
}
