import { deskGate } from '../../src/backtest/engine/gate.ts'
import { type CrossSection, crossSectionOf } from '../../src/prediction/features/cross-section.ts'
import type { Trial } from '../../src/prediction/policy/card.ts'
import { type Network, networkOf } from '../../src/prediction/policy/network.ts'
import type { CarriedBaseline } from '../../src/prediction/policy/state/baseline.ts'
import { defaultLimits } from '../../src/trading/accounts/rules/limits.ts'
import { type BarsFound, isHeldOut } from '../forecaster/recording.ts'
import { type Samples, samplesOf } from '../forecaster/samples.ts'
import { learnable, sharedAcross } from '../forecaster/walk-forward.ts'
import { numberOf } from '../random.ts'
import type { Checkpoints } from './checkpoint.ts'
import { type Course, courseOf, figuresOf, joined, type Way } from './judge.ts'
import { carriedBaseline, lessonsOf } from './lessons.ts'
import { type Lesson, marketWorld } from './market-world.ts'
import type { Plan } from './plan.ts'
import type { Progress, Recipe } from './ppo.ts'
import { trained } from './trained.ts'
import { widthsOf } from './training-graph.ts'

/** Days of the calendar, as places: learned from are those before `learnedBefore`, tested those from `from` to before `to`. */
export interface Span {
  learnedBefore: number
  from: number
  to: number
}

/** A test of some days: its lessons, and the baseline that the policies of this test carry. */
export interface Classroom {
  span: Span
  learned: Lesson[]
  tests: Lesson[]
  heldOut: Lesson[]
  baseline: CarriedBaseline
  hasRays: boolean
}

/** Recorded bars as trainings and tests of policies read them. */
export interface School {
  samples: Samples
  /** Symbols that are never learned from. */
  heldOut: string[]
  days: ReadonlyMap<string, number>
  /** The lessons of a span, with states that have lines of bars or not. `tests` are empty where the span has no days to test. */
  classroom(span: Span, hasRays: boolean): Classroom
  /** Trains one policy, or reads it from the checkpoints. */
  train(name: string, room: Classroom, recipe: Recipe, told: (share: number, reward: number) => void): Promise<Progress>
  play(lessons: readonly Lesson[], way: Way): Course
}

/** Opens bars for trainings. Throws when classes of one share are on both sides of the hold-out. */
export function schoolOf(
  found: BarsFound,
  groupOf: (symbol: string) => string,
  { recipe, testedOneIn }: Pick<Plan, 'recipe' | 'testedOneIn'>,
  checkpoints?: Checkpoints,
): School {
  const samples = samplesOf(found.bars, found.market)
  const heldOut = samples.symbols.filter((symbol) => isHeldOut(symbol, groupOf))
  const torn = sharedAcross(samples.symbols, (symbol) => heldOut.includes(symbol), groupOf)
  if (torn.length > 0) throw new Error(`classes of one share are on both sides of the hold-out: ${torn.join(', ')}`)
  const symbols = samples.symbols.filter((symbol) => !heldOut.includes(symbol))
  const tested = symbols.filter((symbol) => numberOf(groupOf(symbol)) % testedOneIn === 0)
  const cross: CrossSection = crossSectionOf(found.bars)
  const days = new Map(samples.calendar.map((day, at) => [day, at]))
  const gate = deskGate(defaultLimits)
  const classroom = (span: Span, hasRays: boolean): Classroom => {
    const rows = learnable(samples, span.learnedBefore, (symbol) => heldOut.includes(samples.symbols[symbol]!))
    const baseline = carriedBaseline(samples, rows)
    const dayAt = (at: number) => samples.calendar[at]
    const before = dayAt(span.learnedBefore)
    const test = {
      from: dayAt(span.from) ?? '9999',
      before: dayAt(span.to),
      trainedTo: dayAt(span.learnedBefore - 1)!,
      hasRays,
    }
    const learned = lessonsOf(found, { symbols, before, cross, hasRays }, baseline, recipe.steps + leastBeside)
    if (learned.length === 0) throw new Error(`the days before ${before ?? 'the last'} are too few to learn from`)
    return {
      ...{ span, baseline, hasRays, learned },
      tests: lessonsOf(found, { ...test, symbols: tested }, baseline, leastTested),
      heldOut: lessonsOf(found, { ...test, symbols: heldOut }, baseline, leastTested),
    }
  }
  return {
    ...{ samples, heldOut, days, classroom },
    train(name, { span, learned, hasRays }, recipe, told) {
      const key = JSON.stringify([found.hash, span.learnedBefore, hasRays])
      const world = marketWorld(learned, found.market, gate)
      return trained({ name, key, world, recipe }, checkpoints, ({ progress: { updates, rewards } }) =>
        told(updates / recipe.updates, rewards.at(-1)!),
      )
    },
    play: (lessons, way) => courseOf(lessons, way, gate, days),
  }
}

/** The fewest days of a symbol that is learned from, beside those of an episode, and of one that is tested. */
const [leastBeside, leastTested] = [30, 20]

/** The actor of a training. */
export function actorOf(
  { weights }: Pick<Progress, 'weights'>,
  { hidden }: Pick<Recipe, 'hidden'>,
  world: Pick<Sizes, 'inputs' | 'heads'>,
): Network {
  return networkOf(widthsOf({ ...world, hidden }).actor, weights)
}
type Sizes = Parameters<typeof widthsOf>[0]

/** A training and its test as they stand on the card. */
export function trialOf(
  name: string,
  { samples: { calendar } }: School,
  { span, hasRays }: Classroom,
  recipe: Recipe,
  { rewards }: Pick<Progress, 'rewards'>,
  { test, heldOut }: { test: Course; heldOut?: Course },
): Trial {
  return {
    ...{ name, seed: recipe.seed, steps: recipe.updates * recipe.lanes * recipe.steps, rays: hasRays },
    ...{ learnedBefore: calendar[span.learnedBefore]!, testFrom: calendar[span.from]!, testTo: calendar[span.to - 1]! },
    rewards: twentieths(rewards),
    test: figuresOf(joined([test])),
    ...(heldOut && { heldOut: figuresOf(joined([heldOut])) }),
  }
}

/** The means of twenty equal parts. */
function twentieths(rewards: readonly number[]): number[] {
  const parts = 20
  return Array.from({ length: parts }, (_, part) => {
    const own = rewards.slice(
      Math.floor((part * rewards.length) / parts),
      Math.floor(((part + 1) * rewards.length) / parts),
    )
    return Number((own.reduce((sum, one) => sum + one, 0) / Math.max(1, own.length)).toFixed(4))
  })
}
