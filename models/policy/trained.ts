import type { Checkpoints } from './checkpoint.ts'
import { type Progress, type Recipe, trainPolicy, type Update } from './ppo.ts'
import type { World } from './world.ts'

/** A training by its name, with all that it depends on beside the recipe. */
export interface Training {
  name: string
  key: string
  world: World
  recipe: Recipe
}

/** Updates between two checkpoints. */
const keptEvery = 25

/** Trains, from the last checkpoint on where there are some; a finished training is read and not played again. */
export async function trained(
  { name, key, world, recipe }: Training,
  checkpoints: Checkpoints | undefined,
  told: (update: Update) => void,
  every = keptEvery,
): Promise<Progress> {
  const whole = JSON.stringify([key, world.inputs, world.heads, recipe])
  const from = await checkpoints?.resume(name, whole)
  return trainPolicy(world, recipe, {
    ...(from && { from }),
    async told(update) {
      const { updates } = update.progress
      if (updates % every === 0 || updates === recipe.updates) await checkpoints?.keep(name, whole, update.progress)
      told(update)
    },
  })
}
