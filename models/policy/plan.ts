import { type Recipe, usualRecipe } from './ppo.ts'

/** The settings of a whole training of the shipped policy. */
export interface Plan {
  recipe: Omit<Recipe, 'seed'>
  seeds: number[]
  /** Tests over the second half of the days. */
  folds: number
  /** The comparison that decides whether lines of bars are in the states: within the days before the first test. */
  rays: { seeds: number[]; updates: number }
  /** One in so many symbols that are learned from, by a hash of the name, is tested on the later days, to spare time; and all that are held out. */
  testedOneIn: number
  /** Random policies that it is compared with. */
  random: number
}

/** The settings of the shipped policy. They were set before its first test, and no test has changed them. */
export const shippedPlan: Plan = {
  recipe: { ...usualRecipe, lanes: 8, rate: 5e-4, updates: 150 },
  seeds: [1, 2, 3, 4, 5],
  folds: 2,
  rays: { seeds: [1, 2, 3], updates: 75 },
  testedOneIn: 3,
  random: 500,
}
