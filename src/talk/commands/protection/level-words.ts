import { Big } from '../../../base/amounts.ts'
import { Refusal } from '../../../base/refusal.ts'
import type { ProtectionKind } from '../../../trading/protection/rows/protective-orders.ts'
import { trailLimits } from '../../../trading/protection/rules/protection.ts'
import type { WantedLevel } from '../../../trading/protection/wanted-level.ts'
import { amountAt } from '../../language/amounts.ts'
import type { Given } from '../../language/slots.ts'
import { tokenise } from '../../language/tokens.ts'
import { fractionIn, plain } from '../../language/words.ts'
import { priceFrom } from '../quantity.ts'

/** Does the command lack a level, and is none to be removed either? */
export function asksLevel({ price, percent, fraction, off }: Given): boolean {
  return [price, percent, fraction, off].every((said) => said === undefined)
}

const percent = /[+-]?[\d.,]*\d%/

/** The typed level after a command, `.55` or `5%`; undefined when there is none. */
export function typedLevel(given: Given): string | undefined {
  return (
    percent.exec(given.rest ?? '')?.[0] ??
    given.price ??
    (given.percent ? `${given.percent}%` : given.fraction && given.rest)
  )
}

/**
 * Reads a typed level: a price in dollars, or a percentage of the average entry price. Without a sign, a stop is a loss and a
 * target is a profit.
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

/** The typed trail: `4%`, or with its unit in dollars, `$0.05`. Only a price that was said in dollars is one. */
export function typedTrail(given: Given): string | undefined {
  const { distance, price, rest } = given
  if (distance !== undefined || price === undefined) return distance ?? typedLevel(given)
  const isInDollars = rest === undefined || /\$\s*[\d.]|\d\s*(c|¢|cents?|dollars?|bucks?|usd)(?!\w)/i.test(rest)
  return isInDollars ? `$${price}` : typedLevel(given)
}

/** Reads a typed trail: a percentage of the price, whose sign is ignored, or a distance in dollars or cents. */
export function trailFrom(text: string): WantedLevel | Refusal {
  const said = plain(text)
  const inDollars = dollarsIn(said)
  if (inDollars !== undefined) {
    const dollars = priceFrom(inDollars)
    return dollars instanceof Refusal ? dollars : { kind: 'stop', at: 'trail', dollars }
  }
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

/** The digits of an amount in dollars or cents; undefined when the text is none. */
function dollarsIn(said: string): string | undefined {
  const { tokens } = tokenise(said)
  const amount = tokens.length > 0 ? amountAt(tokens, 0) : undefined
  return amount?.kind === 'price' && amount.used === tokens.length ? amount.value : undefined
}

/** Reads a typed percentage as a share of one, with its sign. */
function percentIn(said: string, typed = said): Big | Refusal {
  const digits = fractionIn(said.replace(/^\+/, ''))
  if (digits !== undefined) return new Big(digits)
  const sentence = `"${typed.slice(0, 40)}" is not a percentage.`
  return new Refusal('PERCENT_NOT_A_NUMBER', sentence, 'Such as 5%', { askAgain: true })
}

/** Reads a percentage for a level, as a share of one. */
function shareFrom(said: string): Big | Refusal {
  const share = percentIn(said)
  return share instanceof Refusal ? share : notZero(share)
}

/** A return for a level, as a share of one; zero is refused, because the level must differ from the entry price. */
export function notZero(share: Big): Big | Refusal {
  if (!share.eq(0)) return share
  return new Refusal(
    'PERCENT_ZERO',
    'A level 0% away is the entry itself. Nothing was done.',
    '`breakeven` puts the stop there',
    { askAgain: true },
  )
}
