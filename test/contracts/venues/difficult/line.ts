import { type NoAnswer, VenueError } from '../../../../src/venues/venue.ts'
import type { Agenda } from './agenda.ts'
import { chanceOf } from './chance.ts'
import type { Difficulties, Timings } from './difficulties.ts'
import { type Mistake, mistakes } from './mistaken.ts'

export type CallName = 'submit' | 'find' | 'cancel' | 'replace' | 'openOrders' | 'fills' | 'positions' | 'balance'

/** The fate of one call on its way there and back. */
export interface CallFate {
  lost?: 'request' | 'answer'
  /** Milliseconds until it arrives. */
  requestMs?: number
  /** Milliseconds from its arrival until its answer. */
  answerMs?: number
  /** The answer is about another order. */
  mistake?: Mistake
}

/** A time in which nothing arrives. */
export interface Outage {
  hangs: boolean
  isOver: Promise<void>
  /** Ends it; has no effect when another one has begun since. */
  end(): void
}

/** The parts of a line. */
export interface LineParts {
  agenda: Agenda
  seed: number
  difficulties(): Difficulties
  timings: Timings
}

/** The connection for calls to the exchange, and for its answers. */
export interface Line {
  /** Delivers a call that changes something; the caller does not know the outcome of a lost one. */
  change<Answer>(call: Call<Answer>): Promise<Answer | NoAnswer>
  /** Delivers a question. Throws `VenueError` when there is no answer. */
  ask<Answer>(call: Call<Answer>): Promise<Answer>
  /** Sets the fate of the next call of that name, instead of a drawn one; a second one is for the call after it. */
  script(name: CallName, fate: CallFate): void
  /** Nothing arrives until it is repaired. `hangs`: callers wait until then, and get no answer. */
  breakDown(hangs: boolean): Outage
  repair(): void
  isBroken(): boolean
}

/** A call to deliver. */
export interface Call<Answer> {
  name: CallName
  /**
   * Its subject, an order or an account. Subjects are numbered in the order of their first call; each number has its own
   * draws.
   */
  about: string
  act(): Answer
  /** The answer about another order. */
  mistaken?(answer: Answer, mistake: Mistake): Answer
}

/** A line on which everything arrives, until the difficulties begin. */
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

  /** The answer, or `NoAnswer`. */
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
      // The value is wrapped in an object: an answer may look like `NoAnswer`.
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
