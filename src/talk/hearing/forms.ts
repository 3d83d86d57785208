import { setTimeout as wait } from 'node:timers/promises'
import { priceText } from '../../base/format.ts'
import { Refusal } from '../../base/refusal.ts'
import { openPosition } from '../../trading/positions/rows/positions.ts'
import { positionText } from '../../trading/positions/rules/describe.ts'
import type { Suggestion } from '../chat/door.ts'
import type { Author, Press } from '../chat/inbound.ts'
import { type Place, placeKey } from '../chat/place.ts'
import { levelFrom, trailFrom } from '../commands/protection/level-words.ts'
import { valuesOf } from '../commands/read-slots.ts'
import type { PendingQuestion } from '../questions/questions.ts'
import { answersIn } from '../questions/typed-answer.ts'
import type { Ears } from './ears.ts'
import { suggestionsFor } from './suggestions.ts'

/** The milliseconds that a form may wait for the desk. Platforms allow three seconds for a form and for its answer. */
const patienceMs = 1000

/**
 * The facts above the fields of a question's form: the symbol, the position, its present price, and the question. Undefined when
 * the question is not open, or when the desk does not know in time.
 */
export async function aboutForm(ears: Ears, place: Place, questionId: string): Promise<string | undefined> {
  return inTime(ears, async () => {
    const asked = await openQuestion(ears, place, questionId)
    if (!asked) return undefined
    const facts = await factsOf(ears, asked)
    const text = asked.question.kind === 'choice' ? [] : asked.text.split('\n').filter((line) => line.trim() !== '')
    return [...facts, ...text].join('\n') || undefined
  })
}

/**
 * The reasons against the answers in a sent form, in the order of its fields, without acting on them; undefined for a field
 * that can be read. Empty when the question is not open, or when the desk does not know in time.
 */
export async function faultsIn(
  ears: Ears,
  { place, questionId, answer, more }: Pick<Press, 'place' | 'questionId' | 'answer' | 'more'>,
): Promise<(string | undefined)[]> {
  const faults = await inTime(ears, async () => {
    const asked = await openQuestion(ears, place, questionId)
    if (!asked) return []
    const { question } = asked
    const ofChoice = question.choices.find(({ value }) => value === answer)?.form
    const fields = ofChoice ?? question.fields ?? [question]
    const given = answersIn(question, answer, more)
    return fields.map(({ name }) => faultOf(ears, name, given[name]))
  })
  return faults ?? []
}

/** Suggests instruments for the symbol that a question asks for; none when it is not open, or when the desk does not know in time. */
export async function suggestAnswer(
  ears: Ears,
  author: Author,
  place: Place,
  questionId: string,
  typed: string,
): Promise<Suggestion[]> {
  const found = await inTime(ears, async () => {
    const asked = await openQuestion(ears, place, questionId)
    return asked && suggestionsFor(ears.parts, author, ears.registry.byName(asked.command)?.command, typed)
  })
  return found ?? []
}

async function factsOf({ parts }: Ears, { given, accountId }: PendingQuestion): Promise<string[]> {
  const symbol = given.symbol && parts.market.instrument(given.symbol)?.symbol
  if (!symbol) return []
  const [position, quote] = await Promise.all([
    accountId === undefined ? undefined : openPosition(parts.db, accountId, symbol),
    parts.market.quote(symbol),
  ])
  const now = quote ? [`now ${priceText(quote.last)}`] : []
  return [[position ? positionText(position) : symbol, ...now].join(' · ')]
}

function faultOf({ parts }: Ears, name: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const value = read(name, text)
  return value instanceof Refusal ? value.text.replace(/^⚠️ /, '').replace('\n💡 ', ' ') : undefined

  function read(name: string, text: string): unknown {
    if (name === 'level') return levelFrom('stop', text)
    if (name === 'distance') return trailFrom(text)
    return (valuesOf({ [name]: text }, parts.market) as unknown as Record<string, unknown>)[name]
  }
}

async function openQuestion(
  { questions }: Ears,
  place: Place,
  questionId: string,
): Promise<PendingQuestion | undefined> {
  const { pending } = await questions.inConversation(placeKey(place))
  return pending.find(({ question }) => question.id === questionId)
}

async function inTime<Known>({ parts }: Ears, work: () => Promise<Known>): Promise<Known | undefined> {
  const over = new AbortController()
  try {
    return await Promise.race([work(), wait(patienceMs, undefined, { signal: over.signal })])
  } catch (cause) {
    parts.log.warn({ err: cause }, 'a form goes without the facts about its question')
    return undefined
  } finally {
    over.abort()
  }
}
