import { exchangeZone } from '../../../base/zone.ts'
import { closedNow, type KnownHours, opensText } from '../../../trading/orders/venue-hours.ts'
import type { Given } from '../../language/slots.ts'
import { type Ask, choose, enter, type Hearing, numbered, type Outcome, say } from '../command.ts'
import type { FlowState } from '../flow-state.ts'
import { valuesOf } from '../read-slots.ts'
import { keptMoment } from '../schedule/time-words.ts'

/** An order at the market that was decided, and the words that it was said with. */
interface Decided {
  /** The command that is to be carried out at the open. */
  side: 'close' | 'close all' | 'sell' | 'trim' | 'buy' | 'add'
  /** The symbol whose venue is looked at. */
  symbol: string
  /** The order in words: `SELL 50 BYND`. */
  what: string
  given: Given
  /** The state that the questions so far have shown. */
  state?: FlowState
  /** May the member be asked for a limit instead? */
  mayLimit: boolean
}

/**
 * What becomes of an order at the market while the venue is closed: the member is asked whether it waits for the open, as an order for
 * later, or has a limit in extended hours, where the venue has them. Undefined while the venue is open, and for an order whose time
 * has come: the desk asks nobody then, and the act says why it is not done.
 */
export async function whenClosed(hearing: Hearing, decided: Decided): Promise<Outcome | undefined> {
  const { parts, speaker, inboundId } = hearing
  const { side, symbol, given } = decided
  if (inboundId.startsWith('scheduled-')) return undefined
  const closed = await closedNow(parts, { accountId: speaker.accountId, symbol })
  if (!closed) return undefined
  const { closed: answer, sure, how: _, now: __, ...said } = given
  if (answer === 'nothing') return say('OK, nothing was ordered.')
  if (answer === 'limit') return askLimit(decided, said)
  if (answer !== 'open' && answer !== 'queued') return ask(hearing, decided, closed)
  // A yes to an earlier question was for now; the order for later asks what it needs by itself.
  const kept: Given = answer === 'queued' && sure !== undefined ? { sure } : {}
  const time = keptMoment(closed.opensAt)
  const later: Given = { ...said, ...kept, side, ...(side !== 'close all' && { symbol }), time }
  const schedule = hearing.registry.byName('schedule')!.command
  const outcome = await schedule.run(
    hearing,
    valuesOf(later, parts.market),
    answer === 'queued' ? decided.state : undefined,
  )
  return 'ask' in outcome ? { ...outcome, given: { ...outcome.given, closed: 'queued' } } : outcome
}

async function ask({ parts, speaker }: Hearing, decided: Decided, closed: KnownHours): Promise<Ask> {
  const { what, given, state, mayLimit, symbol, side } = decided
  const { venue } = await parts.venues.of(speaker.accountId)
  const isExtended = mayLimit && venue.capabilities.canExtend === true
  const opens = opensText(closed, parts.clock.now(), speaker.timeZone ?? exchangeZone)
  const title = closed.isAssumed ? '🌙 THE VENUE DOES NOT ANSWER' : '🌙 THE VENUE IS CLOSED'
  const when = closed.isAssumed ? `By the exchange’s calendar it is closed, and opens ${opens}` : `It opens ${opens}`
  const choices = [
    {
      value: 'open',
      label: 'AT THE OPEN',
      line: 'AT THE OPEN - The desk sends it then',
      aliases: ['open', 'queue', 'yes', 'y'],
    },
    ...(isExtended
      ? [{ value: 'limit', label: 'LIMIT', line: 'LIMIT - Also before and after the session', aliases: ['lmt'] }]
      : []),
    { value: 'nothing', label: 'NO', line: 'NO - Leave it', aliases: ['no', 'n'] },
  ]
  const numbers = choices.map((_, index) => index + 1)
  const text = [
    `${title}: ${what}`,
    `${when}. Nothing was sent; the price of now is not the price of then.`,
    numbered(choices.map(({ line }) => line)),
    '',
    `💡 Reply with ${numbers.length === 2 ? '1 or 2' : '1, 2, or 3'}`,
  ].join('\n')
  const known = side === 'close all' ? given : { ...given, symbol }
  const offered = choices.map(({ value, label, aliases }) => ({ value, label, aliases }))
  return {
    ...choose('closed', closed.isAssumed ? 'The venue does not answer' : 'The venue is closed', text, offered, known),
    ...(state && { state }),
  }
}

/** Asks for the limit of an order in extended hours. */
function askLimit({ what, symbol, state }: Decided, said: Given): Ask {
  const text = `Enter the limit price of ${what}, good also before and after the session:`
  const known = { ...said, symbol, hours: 'extended' }
  return { ...enter('price', 'number', 'Limit price', text, known), ...(state && { state }) }
}
