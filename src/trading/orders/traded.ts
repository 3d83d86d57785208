import { type Big, finestStep, isMultiple } from '../../base/amounts.ts'
import type { Instrument } from '../../market/market.ts'
import type { Parts } from '../parts.ts'
import { ask, isUnanswered } from './venue-call.ts'

/** An instrument as an account trades it. */
export interface Traded extends Instrument {
  /** The step of quantities at the account's venue: the lot, or a part of it. Absent: the lot, as far as is known. */
  step?: Big
  /** Dollars that an order for a part of the lot is worth at the venue at least. */
  leastDollars?: Big
  /** The venue was asked, and does not say now whether it trades parts of the lot. */
  isStepUnknown?: boolean
}

/** The longest wait for the venue, in milliseconds. It is asked seldom, since it keeps what it knows of an instrument. */
const patienceMs = 1500

/**
 * The instrument with the step of quantities at the account's venue, which may be finer than that of the market. An exit of everything
 * needs no step, and must not wait for this.
 */
export async function tradedBy(
  { venues }: Pick<Parts, 'venues'>,
  accountId: number,
  instrument: Instrument,
): Promise<Traded> {
  if (accountId === 0) return instrument
  const { venue, account } = await venues.of(accountId)
  if (!venue.instrument) return instrument
  const call = async () => (await venue.instrument!(account, instrument.symbol)) ?? 'not known'
  const there = await ask(call, { withinMs: patienceMs })
  if (isUnanswered(there)) return { ...instrument, isStepUnknown: true }
  if (there === 'not known') return instrument
  return { ...instrument, step: there.lot, ...(there.parts && { leastDollars: there.parts.leastDollars }) }
}

/** The step in which a position of so many units is traded: parts of a lot only where it has some, as long as no venue was asked. */
export const stepOf = (units: Big, { lot, step }: Pick<Traded, 'lot' | 'step'>): Big =>
  step ?? (isMultiple(units, lot) ? lot : finestStep)
