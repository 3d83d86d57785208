import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkpointsIn } from '../../../models/policy/checkpoint.ts'
import { classicWorld } from '../../../models/policy/classic.ts'
import { type Progress, type Recipe, trainPolicy, usualRecipe } from '../../../models/policy/ppo.ts'
import { trained } from '../../../models/policy/trained.ts'
import { widthsOf } from '../../../models/policy/training-graph.ts'
import { chanceOf } from '../../../models/random.ts'
import { networkOf } from '../../../src/prediction/policy/network.ts'
import { childTraining } from './child-training.ts'

let scratch = ''
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'deskhand-policy-'))
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

/** The mean reward of 100 episodes of CartPole when a policy always takes its likeliest choice. */
function greedily({ weights }: Progress, recipe: Recipe): number {
  const rewards: number[] = []
  const world = classicWorld('CartPole', (reward) => rewards.push(reward))
  const odds = networkOf(widthsOf({ ...recipe, inputs: world.inputs, heads: world.heads }).actor, weights)
  const lane = world.lane(0)
  const chosen = new Int32Array(1)
  const act = (state: ArrayLike<number>) => {
    const results = odds(state)
    chosen[0] = results.indexOf(Math.max(...results))
    return chosen
  }
  const chance = chanceOf(99)
  while (rewards.length < 100) lane.play(500, { act, earn: () => {} }, chance)
  return rewards.reduce((sum, one) => sum + one, 0) / rewards.length
}

describe('the trainer', () => {
  test('holds a pole up: at least 475 of 500 steps of CartPole-v1', async () => {
    const recipe = { ...usualRecipe, seed: 1, rate: 1e-3, lanes: 8, updates: 200 }
    const moves: number[] = []
    const told = ({ firstMoved }: { firstMoved: number }) => void moves.push(firstMoved)
    expect(greedily(await trainPolicy(classicWorld('CartPole'), recipe, { told }), recipe)).toBeGreaterThan(475)
    // The graph sees the odds that the play saw: before its first step nothing has moved.
    expect(Math.max(...moves)).toBeLessThan(1e-4)
  })

  test('swings a double pendulum up: Acrobot-v1 in at most 90 steps, in the mean of its last 100 episodes', async () => {
    const recipe = { ...usualRecipe, seed: 1, rate: 1e-3, updates: 400 }
    const rewards: number[] = []
    await trainPolicy(
      classicWorld('Acrobot', (reward) => rewards.push(reward)),
      recipe,
    )
    expect(rewards.slice(-100).reduce((sum, one) => sum + one, 0) / 100).toBeGreaterThan(-90)
  })
})

describe('a training', () => {
  const { world, recipe, key } = childTraining

  test('gives the same bytes for the same seed, and others for another', async () => {
    const one = await trainPolicy(world(), recipe)
    const again = await trainPolicy(world(), recipe)
    expect(Buffer.from(again.weights.buffer).equals(Buffer.from(one.weights.buffer))).toBe(true)
    expect(again.rewards).toEqual(one.rewards)
    expect((await trainPolicy(world(), { ...recipe, seed: 8 })).weights).not.toEqual(one.weights)
  })

  test('whose process is killed goes on from its checkpoint, to the same bytes', async () => {
    const whole = await trainPolicy(world(), recipe)
    const folder = path.join(scratch, 'killed')
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'child-training.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const line of createInterface(child.stdout)) if (line === '7') break
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    const updates: number[] = []
    const checkpoints = checkpointsIn(folder)
    const rest = await trained({ name: 'child', key, world: world(), recipe }, checkpoints, ({ progress }) => {
      updates.push(progress.updates)
    })
    expect(updates[0]).toBeGreaterThan(5)
    expect(updates.at(-1)).toBe(recipe.updates)
    expect(Buffer.from(rest.weights.buffer).equals(Buffer.from(whole.weights.buffer))).toBe(true)
    expect(rest.rewards).toEqual(whole.rewards)

    // A finished training is read; one under another key begins anew.
    const more: number[] = []
    const told = () => void more.push(1)
    const read = await trained({ name: 'child', key, world: world(), recipe }, checkpoints, told)
    expect([more.length, Buffer.from(read.weights.buffer).equals(Buffer.from(whole.weights.buffer))]).toEqual([0, true])
    await trained({ name: 'child', key: 'other bars', world: world(), recipe }, checkpoints, told)
    expect(more).toHaveLength(recipe.updates)
  })
})
