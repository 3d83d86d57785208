import { createHash } from 'node:crypto'
import { heads } from '../../src/prediction/policy/action.ts'
import type { PolicyCard, Trial } from '../../src/prediction/policy/card.ts'
import { stateCount, stateHash, stateVersion } from '../../src/prediction/policy/layout.ts'
import type { BarsFound } from '../forecaster/recording.ts'
import { expandingFolds } from '../forecaster/walk-forward.ts'
import { chanceOf, numberOf } from '../random.ts'
import type { Checkpoints } from './checkpoint.ts'
import { exportPolicy } from './export.ts'
import { type Course, joined, policyWay, sharpeOf } from './judge.ts'
import { type Plan, shippedPlan } from './plan.ts'
import { habits, hold, targetHold } from './rivals.ts'
import { actorOf, type Classroom, type School, type Span, schoolOf, trialOf } from './school.ts'
import { usualStates } from './usual-states.ts'
import { medianSeed, verdictOf } from './verdict.ts'

/** The files of a policy, by name. */
export type BuiltPolicy = Record<'model.onnx' | 'card.json', Uint8Array>

type Told = (share: number, text: string) => void

/** Days after the last one learned from on which a policy may still be asked. */
const goodFor = 400
const world = { inputs: stateCount, heads }

/**
 * Trains, tests and builds the policy from bars, and returns its files. The same bars give the same bytes on the same kind of machine, in one
 * go or from checkpoints.
 */
export async function buildPolicy(
  found: BarsFound,
  groupOf: (symbol: string) => string,
  told: Told,
  { plan = shippedPlan, checkpoints }: { plan?: Plan; checkpoints?: Checkpoints } = {},
): Promise<BuiltPolicy> {
  told(0, 'reading bars')
  const school = schoolOf(found, groupOf, plan, checkpoints)
  const { samples, heldOut } = school
  const { calendar } = samples
  const spans = expandingFolds(samples, plan.folds).map(
    ({ trainedBefore, from, to }): Span => ({ learnedBefore: trainedBefore, from, to }),
  )
  const within =
    (from: number, to: number): Told =>
    (share, text) =>
      told(from + (to - from) * share, text)
  const compared = await compareRays(school, spans[0]!, plan, within(0, 0.15))
  const tested = await testFolds(school, spans, compared.hasRays, plan, within(0.15, 0.9))

  const end: Span = { learnedBefore: calendar.length, from: calendar.length, to: calendar.length }
  const room = school.classroom(end, compared.hasRays)
  const recipe = { ...plan.recipe, seed: plan.seeds[0]! }
  const progress = await school.train('shipped', room, recipe, toldReward(within(0.9, 1), 'the shipped policy'))
  const model = exportPolicy(recipe.hidden, progress.weights, room.baseline)
  const { usual, golden } = usualStates(actorOf(progress, recipe, world), room.learned, school)
  const card: PolicyCard & Record<string, unknown> = {
    what: 'Sizes of positions by a policy, and what was shown of it; read by src/prediction/policy, described in README.md',
    hash: createHash('sha256').update(model).digest('hex'),
    layout: { version: stateVersion, hash: stateHash },
    rays: compared.hasRays,
    trainedTo: calendar.at(-1)!,
    expires: new Date(Date.parse(calendar.at(-1)!) + goodFor * 24 * 60 * 60_000).toISOString().slice(0, 10),
    data: {
      ...{
        hash: found.hash,
        symbols: samples.symbols.length,
        bars: found.count,
        from: found.from,
        to: found.to,
        heldOut,
      },
    },
    split: {
      folds: spans.map(({ learnedBefore, from, to }) => ({
        ...{ learnedBefore: calendar[learnedBefore]!, testFrom: calendar[from]!, testTo: calendar[to - 1]! },
      })),
    },
    plan,
    trials: [...compared.trials, ...tested.trials],
    verdict: tested.verdict,
    ...{ usual, golden },
  }
  told(1, 'done')
  return { 'model.onnx': model, 'card.json': Buffer.from(`${JSON.stringify(card, null, 1)}\n`) }
}

const toldReward = (told: Told, text: string) => (share: number, reward: number) =>
  told(share, `${text}, reward ${reward.toFixed(4)}`)

/**
 * Do lines of bars help? Policies with and without them learn from the first three quarters of the days before the first test, and are
 * compared on the last: lines stay off unless the median of theirs is above the best without.
 */
async function compareRays(
  school: School,
  first: Span,
  { recipe, rays: { seeds, updates } }: Plan,
  told: Told,
): Promise<{ hasRays: boolean; trials: Trial[] }> {
  const begin = school.samples.day.reduce((least, day) => Math.min(least, day))
  const cut = begin + Math.floor(0.75 * (first.learnedBefore - begin))
  const span: Span = { learnedBefore: cut, from: cut, to: first.learnedBefore }
  const trials: Trial[] = []
  const ratios: Record<'without' | 'with', number[]> = { without: [], with: [] }
  let done = 0
  for (const hasRays of [false, true]) {
    const room = school.classroom(span, hasRays)
    for (const seed of seeds) {
      const kind = hasRays ? 'with' : 'without'
      const name = `rays-${kind}-${seed}`
      const own = { ...recipe, seed, updates }
      const progress = await school.train(name, room, own, (share, reward) =>
        toldReward(told, name)((done + share) / (2 * seeds.length), reward),
      )
      const test = school.play(room.tests, policyWay(actorOf(progress, recipe, world)))
      trials.push(trialOf(name, school, room, own, progress, { test }))
      ratios[kind].push(sharpeOf(joined([test]).series))
      done++
    }
  }
  const median = ratios.with.toSorted((a, b) => a - b)[Math.floor((seeds.length - 1) / 2)]!
  return { hasRays: median > Math.max(...ratios.without), trials }
}

/** Trains every seed for every fold, and tests them beside what they have to beat. */
async function testFolds(
  school: School,
  spans: readonly Span[],
  hasRays: boolean,
  { recipe, seeds, random }: Plan,
  told: Told,
): Promise<{ trials: Trial[]; verdict: PolicyCard['verdict'] }> {
  const trials: Trial[] = []
  const rooms: Classroom[] = []
  // By folds and seeds.
  const tests: { test: Course; heldOut: Course; habits: ReturnType<typeof habits> }[][] = []
  const learning = 0.6
  for (const [fold, span] of spans.entries()) {
    const room = school.classroom(span, hasRays)
    rooms.push(room)
    const own: (typeof tests)[number] = []
    for (const [nth, seed] of seeds.entries()) {
      const name = `fold-${fold + 1}-seed-${seed}`
      const progress = await school.train(name, room, { ...recipe, seed }, (share, reward) =>
        toldReward(told, name)(
          (learning * (fold * seeds.length + nth + share)) / (spans.length * seeds.length),
          reward,
        ),
      )
      const network = actorOf(progress, recipe, world)
      const habit = habits()
      const test = school.play(room.tests, policyWay(network, habit.hear))
      const heldOut = school.play(room.heldOut, policyWay(network))
      own.push({ test, heldOut, habits: habit })
      trials.push(trialOf(name, school, room, { ...recipe, seed }, progress, { test, heldOut }))
    }
    tests.push(own)
  }
  const bySeed = (of: (one: (typeof tests)[number][number]) => Course) =>
    seeds.map((_, nth) => joined(tests.map((own) => of(own[nth]!))))
  const all = bySeed(({ test }) => test)
  const median = medianSeed(all)
  const drawn = Array.from({ length: random }, (_, nth) => {
    if (nth % 10 === 0) told(learning + ((1 - learning) * nth) / random, `${nth} of ${random} random policies`)
    return joined(
      rooms.map((room, fold) =>
        school.play(room.tests, tests[fold]![median]!.habits.way(chanceOf(numberOf(`random ${nth} ${fold}`)))),
      ),
    )
  })
  const verdict = verdictOf({
    ...{ seeds: all, heldOut: bySeed(({ heldOut }) => heldOut), random: drawn },
    hold: joined(rooms.map(({ tests: lessons }) => school.play(lessons, hold))),
    target: joined(rooms.map(({ tests: lessons }) => school.play(lessons, targetHold))),
  })
  return { trials, verdict }
}
