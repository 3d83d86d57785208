import { Big } from '../../../base/amounts.ts'
import type { Parts } from '../../../trading/parts.ts'
import { isSurprising } from '../positions/record-position.ts'
import { exampleSymbol } from '../symbol.ts'

/** The way from nothing to a first scaleout, in three messages that work on this market. */
export async function firstSteps({ market }: Pick<Parts, 'market'>): Promise<string> {
  return [
    '👋 This desk sells a position for you in parts, at random times. To see it, on paper, say one after the other:',
    `  \`${await firstPosition(market)}\` - records a position that you hold; no order is sent`,
    '  `scaleout` - asks how fast to sell it',
    '  `1` - sells it within three minutes, and shows every fill here',
    '💡 `help` lists all that you can say',
  ].join('\n')
}

/** Records the position of the README where its price makes sense, and elsewhere one at the current price. */
async function firstPosition(market: Parts['market']): Promise<string> {
  const symbol = exampleSymbol(market)
  const quote = symbol === 'BYND' ? await market.quote(symbol) : undefined
  return quote && !isSurprising(new Big('0.63'), quote.last) ? 'long BYND 3750 @ .63' : `long ${symbol} 100`
}
