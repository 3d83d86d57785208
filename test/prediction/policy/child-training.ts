import { checkpointsIn } from '../../../models/policy/checkpoint.ts'
import { classicWorld } from '../../../models/policy/classic.ts'
import { type Recipe, usualRecipe } from '../../../models/policy/ppo.ts'
import { trained } from '../../../models/policy/trained.ts'

const recipe: Recipe = { ...usualRecipe, hidden: [8], seed: 7, lanes: 2, steps: 64, updates: 12 }

/** A small training that a test ends in its middle. As a program it keeps each update in a folder, and prints its number. */
export const childTraining = { name: 'child', key: 'poles', recipe, world: () => classicWorld('CartPole') }

const [, program, folder] = process.argv
if (program === import.meta.filename) {
  const { name, key, world } = childTraining
  const training = { name, key, recipe, world: world() }
  await trained(training, checkpointsIn(folder!), ({ progress }) => console.log(progress.updates), 1)
}
