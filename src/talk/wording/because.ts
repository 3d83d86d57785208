import { asYouAsked } from '../../trading/events/rules/background.ts'

/** The reason of an early end in words, to put in brackets: `by you`, `the position is closed`. */
export const becauseText = (because: string) => (because === asYouAsked ? 'by you' : because)

/** How something ended, with the reason if there is one: `cancelled by you`, `cancelled (the position is closed)`. */
export function endedText(how: string, because: string | null | undefined): string {
  if (!because) return how
  return because === asYouAsked ? `${how} by you` : `${how} (${because})`
}
