import { type NoAnswer, VenueError } from '../../../../src/venues/venue.ts'
import type { Agenda } from './agenda.ts'
import { chanceOf } from './chance.ts'
import type { Difficulties, Timings } from './difficulties.ts'
import { type Mistake, mistakes } from './mistaken.ts'

export type CallName = 'submit' | 'find' | 'cancel' | 'replace' | 'openOrders' | 'fills' | 'positions' | 'balance'

/** What happens to one call on its way there and back. */
export interface CallFate {
  lost?: 'request' | 'answer'
  /** Milliseconds until it arrives. */
  requestMs?: number
  /** Milliseconds from then until it is answered. */
  answerMs?: number
  /** The answer is about another order. */
  mistake?: Mistake
}

/** A time in which nothing arrives. */
export interface Outage {
  hangs: boolean
  isOver: Promise<void>
  /** Ends it; nothing when another one has begun since. */
  end(): void
}

/** What the line to a difficult venue is made of. */
export interface LineParts {
  agenda: Agenda
  seed: number
  difficulties(): Difficulties
  timings: Timings
}

/** The way of calls to the exchange, and of its answers back. */
export interface Line {
  /** Brings a call that changes something there; what is lost is unknown to the caller. */
  change<Answer>(call: Call<Answer>): Promise<Answer | NoAnswer>
  /** Brings a question there. Throws `VenueError` when there is no answer. */
  ask<Answer>(call: Call<Answer>): Promise<Answer>
  /** What happens to the next call of that name, in place of what would be drawn; a second one is for the call after it. */
  script(name: CallName, fate: CallFate): void
  /** Nothing arrives any more, until it is repaired. `hangs`: callers wait until then, and have no answer. */
  breakDown(hangs: boolean): Outage
  repair(): void
  isBroken(): boolean
}

/** A call that is to be brought. */
export interface Call<Answer> {
  name: CallName
  /** What it is about, an order or an account. They are numbered as they are first named; each number has its own draws. */
  about: string
  act(): Answer
  /** The answer about another order. */
  mistaken?(answer: Answer, mistake: Mistake): Answer
}

/** A line on which everything arrives, until it is difficult. */
export function createLine({ agenda, seed, difficulties, timings }: LineParts): Line {
  const numbers = new Map<string, number>()
  const calls = new Map<string, number>()
  const scripts = new Map<CallName, CallFate[]>()
  let outage: Outage | undefined

  function fateOf({ name, about }: Call<unknown>): CallFate {
    const scripted = scripts.get(name)?.shift()
    if (scripted) return scripted
    if (!numbers.has(about)) numbers.set(about, numbers.size + 1)
    const key = `${name} ${numbers.get(about)}`
    calls.set(key, (calls.get(key) ?? 0) + 1)
    const { happens, between, oneOf } = chanceOf(seed, key, calls.get(key)!)
    const { lostRequests, lostAnswers, slowRequests, slowAnswers, wrongAnswers } = difficulties()
    const [requestMs, answerMs] = [between(timings.slow), between(timings.slow)]
    const mistake = oneOf(mistakes)
    const [isRequestLost, isAnswerLost] = [lostRequests, lostAnswers].map(happens)
    return {
      lost: isRequestLost ? 'request' : isAnswerLost ? 'answer' : undefined,
      requestMs: happens(slowRequests) ? requestMs : 0,
      answerMs: happens(slowAnswers) ? answerMs : 0,
      mistake: happens(wrongAnswers) ? mistake : undefined,
    }
  }

  async function unanswered(): Promise<NoAnswer> {
    if (outage?.hangs) await outage.isOver
    return { outcome: 'unknown', words: 'the venue does not answer' }
  }

  /** The answer, or nothing of it. */
  async function change<Answer>(call: Call<Answer>): Promise<Answer | NoAnswer> {
    const { lost, requestMs = 0, answerMs = 0, mistake } = fateOf(call)
    if (requestMs > 0) await agenda.wait(requestMs)
    if (lost === 'request' || outage) return unanswered()
    const answer = call.act()
    if (answerMs > 0) await agenda.wait(answerMs)
    if (lost === 'answer' || outage) return unanswered()
    return mistake && call.mistaken ? call.mistaken(answer, mistake) : answer
  }

  return {
    change,
    async ask(call) {
      // What is read is put in a box: an answer may look like no answer.
      const answer = await change({
        ...call,
        act: () => ({ read: call.act() }),
        mistaken: ({ read }, mistake) => ({ read: call.mistaken?.(read, mistake) ?? read }),
      })
      if ('read' in answer) return answer.read
      throw new VenueError(answer.words)
    },
    script: (name, fate) => scripts.set(name, [...(scripts.get(name) ?? []), fate]),
    breakDown(hangs) {
      outage?.end()
      const { promise: isOver, resolve } = Promise.withResolvers<void>()
      const begun: Outage = {
        hangs,
        isOver,
        end() {
          if (outage === begun) outage = undefined
          resolve()
        },
      }
      outage = begun
      return begun
    },
    repair: () => outage?.end(),
    isBroken: () => outage !== undefined,
  }
}
