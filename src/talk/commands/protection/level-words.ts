import { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { WantedLevel } from '../../../trading/protection/protect.ts'
import type { ProtectionKind } from '../../../trading/protection/rows/protective-orders.ts'
import type { Given } from '../../language/slots.ts'
import { fractionIn, plain } from '../../language/words.ts'
import { priceFrom } from '../quantity.ts'

/** Was no level said, and is none to be taken away? */
export function asksLevel({ price, percent, fraction, off }: Given): boolean {
  return [price, percent, fraction, off].every((said) => said === undefined)
}

const percent = /[+-]?[\d.,]*\d%/

/** The level in what was typed after a command, `.55` or `5%`; undefined when there is none. */
export function typedLevel(given: Given): string | undefined {
  return (
    percent.exec(given.rest ?? '')?.[0] ??
    given.price ??
    (given.percent ? `${given.percent}%` : given.fraction && given.rest)
  )
}

/**
 * A level as it was typed: a price in dollars, or a percentage of the average entry price. A stop without a sign is a
 * loss, a target without one a profit.
 */
export function levelFrom(kind: ProtectionKind, text: string): WantedLevel | Refusal {
  const said = plain(text)
  if (!said.endsWith('%')) {
    const price = priceFrom(said)
    return price instanceof Refusal ? price : { kind, at: 'price', price }
  }
  const share = shareFrom(said)
  if (share instanceof Refusal) return share
  const isSigned = /^[+-]/.test(said)
  return { kind, at: 'return', share: kind === 'stop' && !isSigned ? share.neg() : share }
}

/** The least and the most that a stop may trail by. */
const trailLimits = { least: new Big('0.001'), most: new Big('0.5') }

/** Dollars, where a share of the price is asked for: `trail $2` is no 2%. */
export function saysDollars({ rest = '' }: Given): boolean {
  return /\$\s*[\d.]|\d\s*(c|¢|cents?|dollars?|bucks?)(?!\w)/i.test(rest)
}

/** A trail as it was typed: a percentage of the price; the sign says nothing. */
export function trailFrom(text: string): WantedLevel | Refusal {
  const said = plain(text)
  const share = percentIn(said.endsWith('%') ? said : `${said}%`, said)
  if (share instanceof Refusal) return share
  if (share.abs().gte(trailLimits.least) && share.abs().lte(trailLimits.most))
    return { kind: 'stop', at: 'trail', share: share.abs() }
  return new Refusal(
    'TRAIL_OUT_OF_RANGE',
    `A stop trails by 0.1% to 50% of the price; ${said} is not between them. Nothing was done.`,
    'Such as `trail 4%`',
    { askAgain: true },
  )
}

/** A percentage as it was typed, as a share of one with its sign. */
function percentIn(said: string, typed = said): Big | Refusal {
  const digits = fractionIn(said.replace(/^\+/, ''))
  if (digits !== undefined) return new Big(digits)
  const sentence = `"${typed.slice(0, 40)}" is not a percentage.`
  return new Refusal('PERCENT_NOT_A_NUMBER', sentence, 'Such as 5%', { askAgain: true })
}

/** The same for a level on the entry price, which lies somewhere else than at it. */
function shareFrom(said: string): Big | Refusal {
  const share = percentIn(said)
  if (share instanceof Refusal || !share.eq(0)) return share
  return new Refusal(
    'PERCENT_ZERO',
    'A level 0% away is the entry itself. Nothing was done.',
    '`breakeven` puts the stop there',
    { askAgain: true },
  )
}
