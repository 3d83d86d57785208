import { durationText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { exchangeZone } from '../../../market/calendar.ts'
import { commonHours } from '../../../market/hours.ts'
import { openUntil } from '../../../market/open-until.ts'
import { venueHours } from '../../../trading/orders/venue-hours.ts'
import type { Position } from '../../../trading/positions/rows/positions.ts'
import { closingSide } from '../../../trading/positions/rules/position.ts'
import { boundOnWrongSide } from '../../../trading/scaleouts/begin.ts'
import { type Bound, boundOf } from '../../../trading/scaleouts/rules/bound.ts'
import {
  mostChunksIn,
  nearestSpeed,
  type OwnTerms,
  ownLimits,
  windowOf,
} from '../../../trading/scaleouts/rules/own-plan.ts'
import { type PlainSpeed, paces, type Speed } from '../../../trading/scaleouts/rules/scaleout-plan.ts'
import type { Given } from '../../language/slots.ts'
import { boundText, paceName } from '../../wording/scaleout-terms.ts'
import type { Hearing, Option } from '../command.ts'
import { momentMeant } from '../schedule/when.ts'
import type { SlotValues } from '../slot-values.ts'

/** The terms of a scaleout as the member said them. Without a speed it has to be asked for. */
export interface Terms {
  speed?: Speed
  own?: OwnTerms
  bound?: Bound
}

/** The words of own terms. An order for later keeps them. */
const termWords = ['length', 'chunks', 'floor', 'cap'] as const

/** The options of own terms. */
export const termOptions: Option[] = [
  { name: 'length', type: 'time', before: 'over', description: 'How long: 45m, 2 hours' },
  { name: 'deadline', type: 'time', before: 'by', description: 'When it ends: 3pm, close' },
  { name: 'chunks', type: 'quantity', before: 'chunks', description: 'Into how many chunks' },
  { name: 'floor', type: 'price', before: 'floor', description: 'Lowest bid to sell at' },
  { name: 'cap', type: 'price', before: 'cap', description: 'Highest ask to buy at' },
]

/** Nothing trades at the close itself, so a scaleout that ends with it ends so many milliseconds before. */
const beforeCloseMs = 60_000

/** Reads and checks the terms of a scaleout of these symbols; a refusal when they contradict each other or are out of range. */
export async function termsOf(
  hearing: Pick<Hearing, 'parts' | 'speaker'>,
  slots: SlotValues,
  symbols: string[],
): Promise<Terms | Refusal> {
  const bound = boundIn(slots)
  if (bound instanceof Refusal) return bound
  if (bound && symbols.length > 1)
    return refused(
      `One ${bound.kind} does not fit several positions.`,
      `Say \`scaleout SYMBOL ${bound.kind} PRICE\` for each`,
    )
  const said = slots.length ?? (await untilDeadline(hearing, slots, symbols))
  if (said instanceof Refusal) return said
  if (said !== undefined && slots.length !== undefined && slots.deadline !== undefined)
    return refused('Those are two ends.', 'Say `over 2 hours` or `by 3pm`')
  if (said !== undefined && slots.speed !== undefined) return twoPaces(slots.speed, said)
  const lengthMs = said
  const { least, most } = ownLimits.lengthMs
  if (lengthMs !== undefined && !(lengthMs >= least && lengthMs <= most))
    return refused(
      `A scaleout takes from ${durationText(least)} to ${durationText(most)}.`,
      'Such as `over 45m` or `over 2 hours`',
    )
  const speed = lengthMs === undefined ? slots.speed : nearestSpeed(lengthMs)
  const own = ownOf(lengthMs, slots.chunks)
  const tooMany = own && wrongCount(own, speed)
  return tooMany ?? { speed, own, bound }
}

/** The speeds that can have so many chunks. */
export function speedsFor(own: OwnTerms | undefined, offered: Speed[]): Speed[] {
  return own ? offered.filter((speed) => wrongCount(own, speed) === undefined) : offered
}

function ownOf(lengthMs: number | undefined, chunks: number | undefined): OwnTerms | undefined {
  return lengthMs === undefined && chunks === undefined ? undefined : { lengthMs, chunks }
}

function boundIn({ floor, cap }: SlotValues): Bound | Refusal | undefined {
  if (floor instanceof Refusal) return floor
  if (cap instanceof Refusal) return cap
  if (floor && cap) return refused('A floor limits a sale and a cap a purchase, so both do not fit.', 'Say one of them')
  if (floor) return { kind: 'floor', price: floor }
  return cap && { kind: 'cap', price: cap }
}

/** The planned milliseconds until the named end. */
async function untilDeadline(
  hearing: Pick<Hearing, 'parts' | 'speaker'>,
  { deadline }: SlotValues,
  symbols: string[],
): Promise<number | Refusal | undefined> {
  if (!deadline) return undefined
  const hours = await hoursOf(hearing, symbols)
  // The venue says when it closes, and not when it opened.
  const isOpening = deadline.kind === 'bell' && deadline.bell === 'open'
  const against = isOpening ? { ...hours, calendar: hours.bells } : hours
  const meant = momentMeant('deadline', deadline, against)
  if (meant instanceof Refusal) return meant
  const isClose = !against.isAlwaysOpen && meant.at.getTime() === meant.late.getTime()
  return meant.at.getTime() - against.now.getTime() - (isClose ? beforeCloseMs : 0)
}

/** The refusal of a length that begins now and ends when these symbols are not traded. */
export async function pastTheClose(
  hearing: Pick<Hearing, 'parts' | 'speaker'>,
  { own }: Terms,
  symbols: string[],
): Promise<Refusal | undefined> {
  const ms = own?.lengthMs
  if (ms === undefined) return undefined
  const against = await hoursOf(hearing, symbols)
  if (!(momentMeant('deadline', { kind: 'ahead', ms }, against) instanceof Refusal)) return undefined
  const closed = against.isByVenue ? 'venue' : 'exchange'
  return refused(`In ${durationText(ms)} the ${closed} is closed.`, 'Say a shorter time, or `by close`')
}

/** The present time, and the hours of these symbols. A venue that says that it is open is open until it closes by its own word. */
async function hoursOf({ parts, speaker }: Pick<Hearing, 'parts' | 'speaker'>, symbols: string[]) {
  const { bells, isAlwaysOpen } = commonHours(symbols.flatMap((one) => parts.market.instrument(one) ?? []))
  const told = isAlwaysOpen ? undefined : await venueHours(parts, speaker.accountId)
  const now = parts.clock.now()
  const isByVenue = told?.isOpen === true && told.isAssumed !== true && told.closesAt > now
  const calendar = isByVenue ? openUntil(bells, now, told.closesAt) : bells
  return { now, zone: speaker.timeZone ?? exchangeZone, calendar, bells, isAlwaysOpen, isByVenue }
}

function wrongCount(own: OwnTerms, speed: Speed | undefined): Refusal | undefined {
  const { chunks } = own
  if (chunks === undefined) return undefined
  if (speed === 'smart')
    return refused(
      'A smart scaleout chooses its chunks by the volume.',
      'Say fast, medium, slow or `over 45m` with them',
    )
  const { least, most } = ownLimits.chunks
  if (!(chunks >= least && chunks <= most))
    return refused(`A scaleout has from ${least} to ${most} chunks.`, 'Such as `in 20 chunks`')
  if (speed === undefined) return undefined
  const fit = mostChunksIn(windowOf(speed, own))
  if (chunks <= fit) return undefined
  const length = own.lengthMs === undefined ? paces[speed].span : durationText(own.lengthMs)
  return refused(
    `${chunks} chunks do not fit into ${length}: at most ${fit} do, one every ${durationText(ownLimits.apartMs)}.`,
    'Say fewer chunks, or a longer time',
  )
}

function twoPaces(speed: Speed, lengthMs: number): Refusal {
  const own = speed === 'smart' ? 'chooses its own time' : `takes ${paces[speed as PlainSpeed].span}`
  return refused(
    `${speed.toUpperCase()} ${own}, and ${durationText(lengthMs)} is another length.`,
    'Say the speed or the length, not both',
  )
}

const refused = (sentence: string, instead: string) =>
  new Refusal('SCALEOUT_TERMS', `${sentence} Nothing was started.`, instead)

/** The refusal of a floor for a short position, or of a cap for a long one. */
export function wrongSide({ symbol, signedQuantity }: Position, { kind }: Bound): Refusal | undefined {
  return kind === boundOf(closingSide(signedQuantity)) ? undefined : boundOnWrongSide(symbol, kind)
}

/** The pace and the terms of a scaleout in words: `SLOW`, `CUSTOM (2 h), 20 chunks, floor of $0.60`. */
export function termsText(speed: Speed, { own, bound }: Terms): string {
  return [
    paceName({ speed, lengthMs: own?.lengthMs }),
    ...(own?.chunks === undefined ? [] : [`${own.chunks} chunks`]),
    ...(bound ? [boundText(bound.kind, bound.price)] : []),
  ].join(', ')
}

/** The words of the terms, for an order that keeps them: the speed, or the length instead of it. */
export function wordsOfTerms(speed: Speed, { words }: SlotValues): Given {
  const said = termWords.flatMap((name) => (words[name] === undefined ? [] : [[name, words[name]] as const]))
  return { ...(words.length === undefined && { speed }), ...Object.fromEntries(said) }
}
