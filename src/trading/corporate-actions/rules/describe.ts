import { type Ratio, ratioMeaning, ratioText } from './split.ts'

interface Named {
  kind: 'split' | 'rename'
  symbol: string
  newSymbol: string
  ratio: Ratio
}

/** An action in words: `SPLIT BYND 1:10 — every 10 shares become 1`, `BYND IS BYON NOW`. */
export function titleOf({ kind, symbol, newSymbol, ratio }: Named): string {
  return kind === 'split'
    ? `SPLIT ${symbol} ${ratioText(ratio)} — ${ratioMeaning(ratio)}`
    : `${symbol} IS ${newSymbol} NOW`
}

/** The same within a sentence: `split 1:10`, `renamed to BYON`. */
export function phraseOf({ kind, newSymbol, ratio }: Named): string {
  return kind === 'split' ? `split ${ratioText(ratio)}` : `renamed to ${newSymbol}`
}

/** The reason of the cancel, stored with the taken-back order. */
export const becauseOf = (action: Named) => `${action.symbol} is being ${phraseOf(action)}`
