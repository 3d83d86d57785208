import { z } from 'zod'
import type { Big } from '../../../base/amounts.ts'
import { realWait } from '../../../base/clock.ts'
import { priceText, quantityText } from '../../../base/format.ts'
import { Refusal } from '../../../base/refusal.ts'
import { announceScheduled } from '../../../infra/db/announce.ts'
import { exchangeZone } from '../../../market/calendar.ts'
import { commonHours } from '../../../market/hours.ts'
import type { Instrument, Quote } from '../../../market/market.ts'
import { passGate } from '../../../trading/accounts/gate.ts'
import { queueReply } from '../../../trading/events/rows/replies.ts'
import { noPrice } from '../../../trading/orders/fresh-price.ts'
import { lockAccountRow } from '../../../trading/orders/rows/working-orders.ts'
import { type Parts, wakeScheduled } from '../../../trading/parts.ts'
import { weakHere } from '../../../trading/protection/watched-weakly.ts'
import { restsForMessage, saveScheduled, type Trigger } from '../../../trading/schedule/rows/scheduled-orders.ts'
import type { Reply } from '../../chat/reply.ts'
import { restated } from '../../language/restate.ts'
import type { Given } from '../../language/slots.ts'
import { type Ask, type Command, choose, type Hearing, numbered, type Outcome, say } from '../command.ts'
import { closeAllState } from '../orders/close-all.ts'
import { closeState } from '../orders/close-position.ts'
import { tradeState } from '../orders/trade-plan.ts'
import { valuesOf } from '../read-slots.ts'
import { termOptions } from '../scaleouts/own-terms.ts'
import { scaleoutState } from '../scaleouts/scaleout-prompt.ts'
import type { SlotValues } from '../slot-values.ts'
import { answerLate } from './late.ts'
import { askedAbove, type Later, type LaterSide, nextOfLater, sides, subjectOf } from './later.ts'
import { withCondition } from './reach.ts'
import { cancelScheduled, listScheduled } from './schedule-list.ts'
import { planText } from './schedule-text.ts'
import { keptMoment } from './time-words.ts'
import { type Meant, momentMeant } from './when.ts'

/** The time or the condition of an order, read from its words. */
interface When {
  time?: Meant
  deadline?: Meant
  above?: Big
  below?: Big
}

/** The state of the scheduled order's question, or of the question of an order that runs now. */
const scheduleState = z.discriminatedUnion('flow', [tradeState, closeState, closeAllState, scaleoutState])
type ScheduleState = z.infer<typeof scheduleState>

/** Commands whose repeated words differ from their names. */
const verbs: Record<string, string> = {
  add: 'add to the position',
  'close all': 'close every position',
  scaleout: 'scale out',
}

export const schedule: Command = {
  name: 'schedule',
  aliases: ['scheduled', 'schedules'],
  description: 'Orders at a time, or at a price',
  category: 'Orders',
  position: 49,
  effect: 'trades',
  restate: (given) => restated(verbs[given.side ?? ''] ?? given.side ?? 'schedule', given),
  usage: 'schedule [close|sell|buy|scaleout … at TIME | by TIME | if it breaks PRICE] | cancel N',
  example: 'close BYND at 3:55pm',
  detail:
    'Orders for later: at a time (`close at 3:55pm`, `scaleout at 10:30 medium`, `in 20 minutes`, `tomorrow at open`), when the price gets somewhere (`buy 500 AMD if it breaks 120 before close`), or with a limit that ends at a time (`sell 1000 @ 0.70 by 3pm`). Times are yours (`timezone`). Alone it lists them; `schedule cancel 1` and `schedule cancel all` take them back.',
  needs: 'trader',
  account: 'sets',
  options: [
    {
      name: 'side',
      type: 'choice',
      choices: [...sides],
      description: 'What to do',
    },
    { name: 'what', type: 'choice', choices: ['cancel', 'list'], description: 'Take one back, or list' },
    { name: 'quantity', type: 'quantity', description: 'How many, half, or its number' },
    { name: 'symbol', type: 'symbol', description: 'Which symbol', several: true },
    { name: 'price', type: 'price', before: '@', description: 'Limit in dollars' },
    {
      name: 'speed',
      type: 'choice',
      choices: ['fast', 'medium', 'slow', 'smart'],
      description: 'How fast to scale out',
    },
    ...termOptions.filter(({ name }) => name !== 'deadline'),
    { name: 'time', type: 'time', before: 'at', description: 'When: 3:55pm, close, tomorrow 10:00' },
    { name: 'deadline', type: 'time', before: 'by', description: 'Until when: 3pm, close' },
    { name: 'above', type: 'price', before: 'if it breaks above', description: 'At this price or above' },
    { name: 'below', type: 'price', before: 'if it drops below', description: 'At this price or below' },
  ],
  asks: ({ side, speed, length }) => side === 'scaleout' && (speed ?? length) === undefined,
  state: scheduleState,
  async run(hearing, slots, shown?: ScheduleState) {
    const { words: given } = slots
    if (given.late !== undefined) return answerLate(hearing, given)
    if (given.what === 'cancel') return cancelScheduled(hearing, given)
    const side = sides.find((one) => one === given.side)
    if (side) return scheduleOrder(hearing, side, slots, shown)
    const isOrder = Object.keys(given).some((name) => name !== 'what' && name !== 'rest')
    if (!isOrder || given.what === 'list') return listScheduled(hearing)
    const sentence = 'Schedule what? Nothing was scheduled.'
    return new Refusal('NOT_SCHEDULABLE', sentence, `Such as \`close BYND at 3:55pm\`; ${sides.join(', ')} can be`)
  },
}

/** Schedules an order, asks a question, or refuses with the reason. */
async function scheduleOrder(
  hearing: Hearing,
  side: LaterSide,
  said: SlotValues,
  shown?: ScheduleState,
): Promise<Outcome> {
  const { parts, speaker } = hearing
  const answer = said.words.when
  if (answer === 'never') return say('OK, nothing was scheduled.')
  if (answer === 'now') return runNow(hearing, side, said.words, shown)
  const asked = answer === 'then' ? asTime(said) : said
  const subject = await subjectOf(hearing, side, asked)
  if (subject instanceof Refusal || 'ask' in subject) return subject
  const { instrument, position, symbols, positionIds } = subject
  const quote = instrument && (await parts.market.quote(instrument.symbol))
  const slots = instrument ? withCondition(side, asked, quote, position) : asked
  if (slots instanceof Refusal) return slots
  const { words: given } = slots
  const when = read(hearing, instrument, symbols, slots)
  if (when instanceof Refusal) return when
  const named: Given = instrument ? { ...given, symbol: instrument.symbol } : given
  const known: Given = {
    ...named,
    ...(when.time && { time: keptMoment(when.time.at) }),
    ...(when.deadline && { deadline: keptMoment(when.deadline.at) }),
  }
  const isThere = instrument && quote && alreadyThere(when, instrument, quote)
  if (isThere) return isThere
  const isCondition = when.above !== undefined || when.below !== undefined
  if (!when.time && !isCondition) {
    if (slots.price !== undefined) return limitUntil(hearing, side, known, when.deadline, shown)
    const asks = when.deadline && side !== 'scaleout'
    return asks ? askWhen(hearing, side, named, when.deadline!) : runNow(hearing, side, named, shown)
  }
  const now = parts.clock.now()
  const zone = speaker.timeZone ?? exchangeZone
  const plan = { at: when.time?.at, above: when.above, below: when.below, until: when.deadline?.at }
  const text = planText(plan, now, zone)
  const ground = {
    side,
    slots: { ...slots, words: known },
    instrument,
    position,
    symbols,
    positionIds,
    quote: quote && asThen(quote, when),
    confirmAbove: await askedAbove(hearing),
    when: text,
  }
  const later = await nextOfLater(hearing, ground, shown?.flow === 'trade' ? shown : undefined)
  if ('declined' in later) return say('OK, nothing was scheduled.')
  if (later instanceof Refusal || 'ask' in later) return later
  return keep(hearing, side, instrument?.symbol, later, when, text)
}

/** `by 3pm` without a price or a condition: the member has answered that it means `at 3pm`. */
function asTime({ words, ...slots }: SlotValues): SlotValues {
  const { deadline, when: _, ...others } = words
  if (deadline === undefined) return { ...slots, words: others }
  return { ...slots, words: { ...others, time: deadline }, time: slots.deadline, deadline: undefined }
}

/** Reads the times and prices, and refuses combinations that make no sense. */
function read(
  { parts, speaker }: Hearing,
  instrument: Instrument | undefined,
  symbols: string[] | undefined,
  slots: SlotValues,
): When | Refusal {
  const named = instrument ? [instrument] : (symbols ?? []).flatMap((one) => parts.market.instrument(one) ?? [])
  const { bells, isAlwaysOpen } = commonHours(named)
  const against = {
    now: parts.clock.now(),
    zone: speaker.timeZone ?? exchangeZone,
    calendar: bells,
    isAlwaysOpen,
  }
  const time = slots.time && momentMeant('time', slots.time, against)
  if (time instanceof Refusal) return time
  const deadline = slots.deadline && momentMeant('deadline', slots.deadline, against)
  if (deadline instanceof Refusal) return deadline
  const { above, below, reach } = slots
  if (above instanceof Refusal) return above
  if (below instanceof Refusal) return below
  if ((above && below) || (time && (above || below))) {
    const sentence = 'That is a time and a condition, or two conditions, at once. Nothing was scheduled.'
    return new Refusal('TWO_TRIGGERS', sentence, 'Say one of them: `at 3:55pm`, or `if it breaks 120 by 3:55pm`')
  }
  if ((above || below || reach) && !instrument)
    return new Refusal(
      'NO_SYMBOL',
      'Whose price is meant? Nothing was scheduled.',
      'Name the symbol: `close BYND if it drops under .55`',
    )
  if (time && deadline && slots.price === undefined)
    return new Refusal(
      'TWO_TIMES',
      'Those are two times. Nothing was scheduled.',
      'Say `at 3pm`, or give a limit price that is good until then; a scaleout may be `at 10:30 over 2 hours`',
    )
  if (time && deadline && deadline.at <= time.at)
    return new Refusal(
      'TWO_TIMES',
      'It would end before it begins. Nothing was scheduled.',
      'Say a later end, or an earlier time',
    )
  return { time, deadline, above, below }
}

/** A condition that is already met is refused. */
function alreadyThere({ above, below }: When, { symbol }: Instrument, quote: Quote): Refusal | undefined {
  if (noPrice(quote)) return undefined
  const is = above && quote.last.gte(above) ? 'above' : below && quote.last.lte(below) ? 'below' : undefined
  if (!is) return undefined
  const level = (above ?? below)!
  const where = quote.last.eq(level) ? '' : `, ${is} ${priceText(level)}`
  const sentence = `${symbol} is at ${priceText(quote.last)}${where} already. Nothing was scheduled.`
  return new Refusal('CONDITION_MET', sentence, 'Leave the condition out to do it now, or name another price')
}

/** The expected quote when the condition is met. */
function asThen(quote: Quote, { above, below }: When): Quote {
  const price = above ?? below
  return price ? { ...quote, bid: price, ask: price, last: price } : quote
}

function askWhen(hearing: Hearing, side: LaterSide, given: Given, deadline: Meant): Ask {
  const { parts, speaker } = hearing
  const at = planText({ at: deadline.at }, parts.clock.now(), speaker.timeZone ?? exchangeZone)
  const title = [side.toUpperCase(), given.symbol].filter(Boolean).join(' ')
  const lines = numbered(['Now', `At the last moment: ${at}`, 'Nothing'])
  const text = `⏰ ${title}: when?\n${lines}\n\n💡 Reply with 1, 2, or 3`
  const choices = [
    { value: 'now', label: 'Now' },
    { value: 'then', label: 'Then', aliases: ['later', 'at the last moment'] },
    { value: 'never', label: 'Nothing', aliases: ['no'] },
  ]
  return choose('when', 'When?', text, choices, given)
}

/** Runs the command at once, as if it had no time. */
async function runNow(hearing: Hearing, side: LaterSide, given: Given, shown?: ScheduleState): Promise<Outcome> {
  const { deadline, side: _, when: __, ...others } = given
  // A scaleout by a time ends then.
  const now = side === 'scaleout' && deadline !== undefined ? { ...others, deadline } : others
  const command = hearing.registry.byName(side)?.command
  if (!command) return new Refusal('NOT_SCHEDULABLE', `There is no \`${side}\` here. Nothing was done.`)
  return asSame(await command.run(hearing, valuesOf({ ...now, now: 'yes' }, hearing.parts.market), shown), given)
}

/** A question of the inner command keeps the words of `schedule`, so that its answer comes back here. */
function asSame(outcome: Outcome, given: Given): Outcome {
  return 'ask' in outcome ? { ...outcome, given: { ...given, ...outcome.given } } : outcome
}

/** A limit with an end rests at the venue, so it is sent now. */
async function limitUntil(
  hearing: Hearing,
  side: LaterSide,
  given: Given,
  deadline: Meant | undefined,
  shown?: ScheduleState,
): Promise<Outcome> {
  const { parts, speaker, inboundId } = hearing
  const command = hearing.registry.byName(side)?.command
  if (side === 'scaleout' || side === 'close all' || !command) {
    const sentence = `\`${side}\` takes no limit price. Nothing was scheduled.`
    return new Refusal('NOT_SCHEDULABLE', sentence, 'Use `close`, `sell` or `buy` with a limit')
  }
  const now = parts.clock.now()
  const expires = deadline && realTime(parts, deadline.at)
  const { deadline: _, side: __, ...bare } = given
  const words = { ...bare, ...(expires && { expires: expires.toISOString() }) }
  const outcome = await command.run(hearing, valuesOf(words, parts.market), shown)
  const end = deadline && planText({ at: deadline.at }, now, speaker.timeZone ?? exchangeZone).replace(/^at/, 'by')
  if ('ask' in outcome && end) return asSame({ ...outcome, text: `⏰ ${end}:\n${outcome.text}` }, given)
  if (!('replies' in outcome)) return asSame(outcome, given)
  const order = await restsForMessage(parts.db, speaker.accountId, inboundId)
  if (!order) return outcome
  const what = `${order.side.toUpperCase()} ${quantityText(order.quantity)} ${order.symbol} @ ${priceText(order.limitPrice)}`
  const text = `⏰ ${what} if the price gets there ${end ?? 'until you cancel it'}`
  return { replies: [{ text }, ...outcome.replies] }
}

/** The real moment of a planned time. In a demonstration the desk's clock runs faster. */
function realTime({ clock }: Parts, planned: Date): Date {
  const now = clock.now().getTime()
  return new Date(now + realWait(clock, planned.getTime() - now))
}

/** Stores the order and its reply in one transaction, and then sets its timer. */
async function keep(
  hearing: Hearing,
  side: LaterSide,
  symbol: string | undefined,
  { given, what, positionIds, entering }: Later,
  { time, deadline, above, below }: When,
  when: string,
): Promise<Outcome> {
  const { parts, speaker, inboundId } = hearing
  const { accountId, memberId, conversationId } = speaker
  const now = parts.clock.now()
  const trigger: Trigger = {
    at: time && { planned: time.at, due: realTime(parts, time.at), late: realTime(parts, time.late) },
    above,
    below,
    until: deadline && { planned: deadline.at, expires: realTime(parts, deadline.at) },
  }
  const weak = symbol !== undefined && (above ?? below) ? await weakHere(parts, accountId, symbol) : undefined
  const kept = await parts.db.transaction().execute(async (trx) => {
    if (entering) await lockAccountRow(trx, accountId)
    const refused = entering && (await passGate(trx, parts, entering))
    if (refused) return refused
    const saying = { accountId, memberId, conversationId, inboundId }
    const order = { ...saying, command: side, given, what, symbol, positionIds, ...trigger }
    const saved = await saveScheduled(trx, order, now)
    if (!saved) return undefined
    const doubt = weak === undefined ? '' : `\n${weakCondition(weak)}`
    const text = `⏰ ${what} ${when}${doubt}\n💡 \`schedule\` lists what is planned, \`schedule cancel ${saved.number}\` takes it back`
    return { saved, reply: await queueReply(trx, { conversationId, accountId, at: now }, { text }, 'door') }
  })
  if (kept instanceof Refusal) return kept
  if (!kept) return { replies: [] }
  await wakeScheduled(parts, kept.saved)
  if (above ?? below) await announceScheduled(parts)
  return { replies: [kept.reply as Reply] }
}

/** The truth about a condition that only a price which counts for little watches now. */
const weakCondition = (because: string) =>
  `⚠️ The price alone is not enough for it on a linked account: ${because}. It is done only once another source agrees.`
